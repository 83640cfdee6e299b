"""Care of the desk: cron jobs, logins, checks of the host, unreferenced blobs; may import what usecases may."""
