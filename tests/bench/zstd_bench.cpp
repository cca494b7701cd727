// How fast the zstd codec is; compare with: zstd -b1 -e9 FILE
#include "codec_bench.hpp"

int main() { weir::bench::print_codec({1, 3, 9}, {{"/window", 1 << 27}}); }
