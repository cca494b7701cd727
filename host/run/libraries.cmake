set(libraries weir_cctz)
