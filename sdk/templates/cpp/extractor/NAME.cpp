// {{name}}: an extractor. It counts from one number to another.
#include <weir/weir.hpp>

#include <algorithm>

#include "weir_plugin_info.h"

class Count : public weir::Reader {
 public:
  // The same rows come again each time: the host counts them, and skips to where it was.
  static void traits(const weir::Config&, weir_traits& traits) { traits.replay = WEIR_REPLAY_EXACT; }

  // One split holds all. Several would be read side by side.
  static bool plan(const weir::Context&, std::string_view, const weir::Plan& plan) {
    plan.add("all");
    return false;
  }

  Count(const weir::Context& context, const weir_split&, std::string_view, const weir::Outputs& outputs)
      : next_(context.config().integer("/from")), last_(context.config().integer("/to")) {
    outputs.put(weir::Schema::rows(weir::fields_of(weir::Schema::field("l", "n", false))));
  }

  // Pushes one batch. What waits for data looks at the deadline.
  std::int32_t read(std::int64_t, const weir::Next& next) override {
    constexpr std::int64_t kRows = 65536;
    if (next_ > last_) return WEIR_READ_END;
    weir::NumberBuilder<std::int64_t> numbers;
    for (const std::int64_t stop = std::min(last_ - next_ + 1, kRows) + next_; next_ < stop; ++next_)
      numbers.append(next_);
    std::vector<weir::Array> columns;
    const std::int64_t count = numbers.length();
    columns.push_back(numbers.finish());
    next.push(weir::rows_of(count, std::move(columns)));
    return next_ > last_ ? WEIR_READ_END : WEIR_READ_MORE;
  }

 private:
  std::int64_t next_, last_;
};

WEIR_PLUGIN(weir::extractor<Count>("{{name}}"));
