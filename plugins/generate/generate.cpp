// The plugin generate: an extractor that makes rows up.
#include <weir/weir.hpp>

#include <algorithm>
#include <charconv>

#include "recipe.hpp"
#include "weir_plugin_info.h"

namespace weir::generate {
namespace {

std::vector<Recipe> recipes_of(const Config& config) {
  const auto seed = static_cast<std::uint64_t>(config.integer("/seed"));
  const std::uint64_t count = config.count("/columns");
  if (count == 0) return Recipe::usual(seed);
  std::vector<Recipe> recipes;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string_view name = config.key("/columns", i);
    recipes.push_back(Recipe::read(config, name, pointer_to("/columns", name), seed));
  }
  return recipes;
}

// Reads "A B" or "A"; false if it is not that.
bool read_pair(std::string_view text, std::uint64_t& first, std::uint64_t& second) {
  const char* const end = text.data() + text.size();
  const auto one = std::from_chars(text.data(), end, first);
  if (one.ec != std::errc() || one.ptr == end || *one.ptr != ' ') return false;
  const auto two = std::from_chars(one.ptr + 1, end, second);
  return two.ec == std::errc() && two.ptr == end && first <= second;
}

}  // namespace

// Makes the rows of one split: those numbered begin to end. Its position is "AT END": the row that comes next.
// Threads: one caller at a time.
class Generate : public Reader {
 public:
  static void traits(const Config& config, weir_traits& traits) {
    traits.replay = WEIR_REPLAY_EXACT;
    traits.preferred_rows = static_cast<std::uint64_t>(config.integer("/batch"));
  }

  static bool plan(const Context& context, std::string_view /*state*/, const Plan& plan) {
    const Config config = context.config();
    recipes_of(config);
    const std::int64_t rows = config.integer("/rows");
    const std::int64_t splits = std::max<std::int64_t>(1, std::min(config.integer("/splits"), rows));
    for (std::int64_t i = 0; i < splits; ++i) {
      const auto cut = [&](std::int64_t k) { return rows / splits * k + std::min(k, rows % splits); };
      const std::string range = std::to_string(cut(i)) + " " + std::to_string(cut(i + 1));
      plan.add("rows " + range, range, cut(i + 1) - cut(i));
    }
    return false;
  }

  Generate(const Context& context, const weir_split& split, std::string_view position, const Outputs& outputs)
      : recipes_(recipes_of(context.config())),
        batch_(std::max<std::uint64_t>(1, static_cast<std::uint64_t>(context.config().integer("/batch")))) {
    const std::string_view token = to_view(split.token);
    bool known = read_pair(token, begin_, end_);
    at_ = begin_;
    if (known && !position.empty()) {
      std::uint64_t end = 0;
      known = read_pair(position, at_, end) && end == end_ && at_ >= begin_;
    }
    if (!known) {
      throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_UNKNOWN,
                    "expected a split and a position of this plugin, found '" + std::string(token) + "' and '" +
                        std::string(position) + "'");
    }
    std::vector<Schema> fields;
    for (const auto& recipe : recipes_) fields.push_back(recipe.field());
    outputs.put(Schema::rows(std::move(fields)));
  }

  std::int32_t read(std::int64_t /*deadline*/, const Next& next) override {
    const std::uint64_t count = std::min(batch_, end_ - at_);
    if (count == 0) return WEIR_READ_END;
    std::vector<Array> columns;
    for (const auto& recipe : recipes_) columns.push_back(recipe.make(at_, static_cast<std::int64_t>(count)));
    const auto base = static_cast<std::int64_t>(at_ - begin_);
    at_ += count;
    next.push(rows_of(static_cast<std::int64_t>(count), std::move(columns)), 0, {}, base);
    return at_ == end_ ? WEIR_READ_END : WEIR_READ_MORE;
  }

  void position(const Sink& position) override { position.put(std::to_string(at_) + " " + std::to_string(end_)); }

 private:
  std::vector<Recipe> recipes_;
  std::uint64_t batch_;
  std::uint64_t begin_ = 0, end_ = 0, at_ = 0;
};

}  // namespace weir::generate

WEIR_PLUGIN(weir::extractor<weir::generate::Generate>("generate"));
