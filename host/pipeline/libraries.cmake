set(libraries weir_boost)
