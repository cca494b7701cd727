// How fast a codec is, in user time, on text like the orders data, with blocks of 256 KiB.
#pragma once

#include <initializer_list>
#include <random>
#include <string>

#include <weir/testing_codec.hpp>

#include "bench.hpp"

namespace weir::bench {

inline std::string orders(std::size_t size) {
  std::mt19937_64 random(5);
  std::string text;
  for (std::size_t i = 1; text.size() < size; ++i) {
    const auto customer = std::to_string(random() % 200000);
    text += std::to_string(i) + "," + customer + ",2025-0" + std::to_string(random() % 9 + 1) + "-1" +
            std::to_string(random() % 10) + "T12:3" + std::to_string(random() % 10) + ":00." +
            std::to_string(100000 + random() % 900000) + "Z,DE,Docking station," + std::to_string(random() % 20) + "," +
            std::to_string(random() % 5000) + ".99,user" + customer + "@example.com,please leave at door\n";
  }
  return text;
}

// Prints a row for each way and level; `options` are those of reading.
inline void print_codec(std::initializer_list<int> levels, const testing::Options& options = {}) {
  constexpr testing::Pieces kBlocks{std::size_t{256} << 10U, std::size_t{256} << 10U};
  const std::string text = orders(std::size_t{32} << 20U);
  const auto size = static_cast<double>(text.size());
  for (const int level : levels) {
    std::string packed;
    const double packing =
        median_seconds([&] { packed = testing::recode(true, text, kBlocks, {{"/level", level}}).bytes; }, 3);
    const std::string name = "level " + std::to_string(level);
    print_row((name + ", compress").c_str(), packing, size, size);
    const double unpacking = median_seconds([&] { testing::recode(false, packed, kBlocks, options); }, 5);
    print_row((name + ", decompress").c_str(), unpacking, size, size);
    std::printf("%-28s %9.1f %%\n", (name + ", size").c_str(), static_cast<double>(packed.size()) / size * 100);
  }
}

}  // namespace weir::bench
