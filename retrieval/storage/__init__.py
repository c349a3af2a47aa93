"""One library on disk: database, originals, index, backups. SQL stands here and nowhere else."""
