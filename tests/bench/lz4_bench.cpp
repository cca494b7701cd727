// How fast the lz4 codec is; compare with: lz4 -b1 -e9 FILE.
#include "codec_bench.hpp"

int main() { weir::bench::print_codec({1, 3, 9}); }
