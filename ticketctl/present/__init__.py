"""Results as lines, tables, JSON and HTML, without reading or writing anything; may import usecases, content, ports,
domain, errors."""
