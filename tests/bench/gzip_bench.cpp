// How fast the gzip codec is.
#include "codec_bench.hpp"

int main() { weir::bench::print_codec({1, 6, 9}); }
