set(libraries weir_boost OpenSSL::Crypto)
