// How fast the xz codec is.
#include "codec_bench.hpp"

int main() { weir::bench::print_codec({0, 6}, {{"/memory", 1 << 27}, {"/threads", 1}}); }
