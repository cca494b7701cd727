#include "conformance/lived.hpp"

#include <algorithm>

#include "base/sort.hpp"
#include "base/utf8.hpp"

namespace weir::conformance {
Step observation(const Session& session, Subject& subject) {
  const std::string* text = session.observed(subject.tried().name);
  return text == nullptr ? Step() : fail(*text);
}

Step observed(Subject& subject) {
  Session session(subject, {});
  Step lived = session.live();
  WEIR_TRY(observation(session, subject));
  return lived;
}

Step observed_in_failures(Subject& subject) {
  const weir::Schema odd = [] {
    std::vector<weir::Schema> fields;
    fields.push_back(weir::Schema::field("tin", "nobody has this column"));
    return weir::Schema::rows(std::move(fields));
  }();
  std::vector<Knobs> ways(4);
  ways[1].columns = &odd.get();
  ways[2].document = std::string("\x00\xff{\"[,\n\x1b", 8);
  for (const std::int64_t at : {0, 1, 2, 5, 10}) {
    ways.emplace_back();
    ways.back().refuse_at = at;
  }
  for (Knobs& way : ways) {
    Session session(subject, std::move(way));
    static_cast<void>(session.live());
    WEIR_TRY(observation(session, subject));
  }
  return {};
}

base::Result<std::vector<std::string>> rows_of_life(Subject& subject, Knobs knobs) {
  Session session(subject, std::move(knobs));
  const Step lived = session.live();
  if (!lived && subject.taken_once.load()) return fail("what it took before it refuses now: " + lived.error().message);
  WEIR_TRY(lived);
  subject.taken_once = true;
  return by_output(session.rows());
}

std::vector<std::string> by_output(std::vector<std::string> rows) {
  base::sort_stably(rows, [](const std::string& row) { return std::string_view(row).substr(0, row.find(' ')); });
  return rows;
}

Step same_rows(const std::vector<std::string>& first, const std::vector<std::string>& second, const std::string& what) {
  constexpr std::size_t kShown = 120;
  const auto shown = [](const std::vector<std::string>& rows, std::size_t at) {
    return at < rows.size() ? base::printable(rows[at].substr(0, kShown)) : std::string("nothing");
  };
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size() && i < second.size() && first[i] == second[i]) continue;
    return fail(what + ": row " + std::to_string(i) + " is " + shown(second, i) + ", and was " + shown(first, i));
  }
  return {};
}

}  // namespace weir::conformance
