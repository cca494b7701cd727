// Arguments that are dates or timestamps: see moments.hpp.
#include "moments.hpp"

namespace weir::expr {

Clock moment_clock(const Call& call, std::size_t i, Moment wanted) {
  const Kind kind = call.kind(i);
  if (kind != Kind::timestamp && (wanted == Moment::timestamp || kind != Kind::date)) {
    const std::string source = call.compiler().source_of(call.syntax(i)).substr(0, 60);
    const std::string type = wanted == Moment::timestamp ? "timestamp" : "date";
    call.unexpected(i, wanted == Moment::timestamp ? "a timestamp" : "a date or timestamp",
                    kind == Kind::text ? "cast it: cast(" + source + " as " + type + ")" : std::string());
  }
  const auto clock = Clock::of(call.type(i));
  if (!clock)
    call.unexpected(i, "a timestamp of a zone that this machine knows",
                    "install tzdata, or cast it to timestamp(us, UTC)");
  return *clock;
}

}  // namespace weir::expr
