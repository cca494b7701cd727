// How fast the bzip2 codec is.
#include "codec_bench.hpp"

int main() { weir::bench::print_codec({1, 9}); }
