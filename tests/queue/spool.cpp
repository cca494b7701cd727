// spool: a queue in a folder, for tests of what is acknowledged and when.
#include <weir/weir.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "weir_plugin_info.h"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostAtOnce = 50;
constexpr std::chrono::milliseconds kLooksEvery{5};

// The number of a message; -1: the file is none.
std::int64_t number_of(const fs::path& file) {
  const std::string name = file.filename().string();
  std::int64_t number = -1;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
  return parsed.ec == std::errc() && parsed.ptr == name.data() + name.size() ? number : -1;
}

}  // namespace

class Spool : public weir::Reader {
 public:
  static void traits(const weir::Config&, weir_traits& traits) { traits.replay = WEIR_REPLAY_REDELIVERY; }

  static bool plan(const weir::Context&, std::string_view, const weir::Plan& plan) {
    plan.add("queue");
    return false;
  }

  Spool(const weir::Context& context, const weir_split&, std::string_view position, const weir::Outputs& outputs)
      : context_(context), folder_(context.config().text("/folder")) {
    std::from_chars(position.data(), position.data() + position.size(), told_);
    std::vector<weir::Schema> fields;
    fields.push_back(weir::Schema::field("l", "id", false));
    outputs.put(weir::Schema::rows(std::move(fields)));
  }

  // What is in the folder comes, wherever the reader was opened: who does not acknowledge gets it again.
  std::int32_t read(std::int64_t deadline, const weir::Next& next) override {
    const bool ended = fs::exists(folder_ / "end");
    std::vector<std::int64_t> numbers = waiting();
    if (numbers.empty() && ended) return WEIR_READ_END;
    if (numbers.empty()) {
      while (context_.now() < deadline && (numbers = waiting()).empty()) std::this_thread::sleep_for(kLooksEvery);
      if (numbers.empty()) return WEIR_READ_IDLE;
    }
    numbers.resize(std::min(numbers.size(), kMostAtOnce));
    weir::NumberBuilder<std::int64_t> builder;
    for (const auto number : numbers) builder.append(number);
    given_ = numbers.back();
    told_ = std::max(told_, given_);
    std::vector<weir::Array> columns;
    columns.push_back(builder.finish());
    next.push(weir::rows_of(static_cast<std::int64_t>(numbers.size()), std::move(columns)));
    return WEIR_READ_MORE;
  }

  void position(const weir::Sink& position) override { position.put(std::to_string(told_)); }

  void acknowledge(std::string_view position) override {
    if (fs::exists(folder_ / "broken")) throw weir::Failure(WEIR_DATA_LOSS, WEIR_FAULT_SOURCE, "the queue is broken");
    std::int64_t last = -1;
    std::from_chars(position.data(), position.data() + position.size(), last);
    std::ofstream(folder_ / "acknowledged", std::ios::app) << last << "\n";
    for (const auto& file : fs::directory_iterator(folder_)) {
      const std::int64_t number = number_of(file.path());
      if (number >= 0 && number <= last) fs::remove(file.path());
    }
  }

 private:
  std::vector<std::int64_t> waiting() const {
    std::vector<std::int64_t> numbers;
    for (const auto& file : fs::directory_iterator(folder_)) {
      if (const std::int64_t number = number_of(file.path()); number > given_) numbers.push_back(number);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
  }

  weir::Context context_;
  fs::path folder_;
  std::int64_t given_ = -1;  // the last that this instance gave
  std::int64_t told_ = -1;   // the last that any did
};

WEIR_PLUGIN(weir::extractor<Spool>("spool"));
