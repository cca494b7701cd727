// How fast the gzip codec is, in user time, on text like the orders data, with blocks of 256 KiB.
#include <random>
#include <string>

#include <weir/weir.hpp>

#include "bench.hpp"

namespace weir::bench {
namespace {

constexpr std::size_t kBlock = std::size_t{256} * 1024;

struct LevelConfig : weir_config {
  std::int64_t level = 6;
};

std::string run(bool compress, const std::string& input, std::int64_t level) {
  LevelConfig config{};
  config.size = sizeof(weir_config);
  config.level = level;
  config.integer = [](const weir_config* self, weir_string) { return static_cast<const LevelConfig*>(self)->level; };
  weir_context context{};
  context.size = sizeof context;
  context.config = &config;
  weir_error error{};
  weir_error_clear(&error);
  const auto& table = *static_cast<const weir_codec*>(weir_plugin_v1()->components[0]->table);
  void* self = nullptr;
  if (table.create(&context, compress ? 1 : 0, &self, &error) != WEIR_OK) return {};
  std::string room(kBlock, '\0'), out;
  out.reserve(input.size());
  std::size_t at = 0;
  for (std::int32_t done = 0; done == 0;) {
    const std::string_view in = std::string_view(input).substr(at, kBlock);
    std::uint64_t consumed = 0, produced = 0;
    const auto status =
        table.step(self, to_bytes(in), at + in.size() == input.size() ? 1 : 0,
                   reinterpret_cast<std::uint8_t*>(room.data()), room.size(), &consumed, &produced, &done, &error);
    if (status != WEIR_OK) break;
    at += consumed;
    out.append(room, 0, produced);
  }
  table.destroy(self);
  return out;
}

std::string orders(std::size_t size) {
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

}  // namespace
}  // namespace weir::bench

int main() {
  using weir::bench::run;
  const std::string text = weir::bench::orders(std::size_t{32} << 20U);
  const auto size = static_cast<double>(text.size());
  for (const int level : {1, 6, 9}) {
    std::string packed;
    const double packing = weir::bench::median_seconds([&] { packed = run(true, text, level); }, 3);
    const std::string name = "level " + std::to_string(level);
    weir::bench::print_row((name + ", compress").c_str(), packing, size, size);
    const double unpacking = weir::bench::median_seconds([&] { run(false, packed, level); }, 5);
    weir::bench::print_row((name + ", decompress").c_str(), unpacking, size, size);
    std::printf("%-28s %9.1f %%\n", (name + ", size").c_str(), static_cast<double>(packed.size()) / size * 100);
  }
}
