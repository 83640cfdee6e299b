"""Pure: no files, no clock, no network, no click. It would work on paper."""
