set(libraries SQLite::SQLite3 weir_xxhash)
