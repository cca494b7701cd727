// Cases of extractors: the plan, and readers that go on where another stopped.
#include <set>

#include "conformance/lived.hpp"
#include "conformance/own_time.hpp"

namespace weir::conformance {
namespace {

base::Result<std::vector<Split>> plan_now(Subject& subject, const std::filesystem::path* place = nullptr) {
  Knobs knobs;
  if (place != nullptr) knobs.place = *place;
  Session session(subject, std::move(knobs));
  WEIR_TRY(session.begin());
  return plan(session);
}

Step plan_repeats(Subject& subject) {
  WEIR_TRY_ASSIGN(const std::filesystem::path place, subject.new_place());
  WEIR_TRY_ASSIGN(const auto first, plan_now(subject, &place));
  WEIR_TRY_ASSIGN(const auto second, plan_now(subject, &place));
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i >= first.size() || i >= second.size())
      return fail("a second plan() told " + std::to_string(second.size()) + " splits instead of " +
                  std::to_string(first.size()));
    if (first[i].id != second[i].id)
      return fail("a second plan() called a split '" + second[i].id + "' that was '" + first[i].id + "'");
  }
  return {};
}

Step ids_tell_apart(Subject& subject) {
  WEIR_TRY_ASSIGN(const auto splits, plan_now(subject));
  constexpr std::size_t kMostId = 256, kMostToken = 1U << 20U;
  std::set<std::string> ids;
  for (const Split& split : splits) {
    if (split.id.empty() || split.id.size() > kMostId)
      return fail("a split has an id of " + std::to_string(split.id.size()) + " bytes");
    if (split.token.size() > kMostToken)
      return fail("split '" + split.id + "' has a token of " + std::to_string(split.token.size()) + " bytes");
    if (!ids.insert(split.id).second) return fail("two splits are called '" + split.id + "'");
  }
  return {};
}

struct Stop {
  std::size_t rows;
  std::string position;
};

// Reads a split from a position on, and notes where it stood after each read().
Step read_split(Session& session, const Split& split, std::string_view from, std::vector<Stop>* stops) {
  const weir_reader& reader = *session.table<weir_extractor>().reader;
  Reading reading(session, reader);
  WEIR_TRY(reading.open(split, from));
  if (stops == nullptr) return read_all(session, reader, reading.self());
  return read_all(session, reader, reading.self(), [&]() -> Step {
    WEIR_TRY_ASSIGN(std::string position, reading.position());
    stops->push_back({session.rows().size(), std::move(position)});
    return {};
  });
}

Step needs_position(Subject& subject) {
  WEIR_TRY_ASSIGN(const weir_component* described, subject.description());
  const auto& table = *static_cast<const weir_extractor*>(described->table);
  return WEIR_CAN(table.reader, position) ? Step() : skip("its reader has no position()");
}

Step extractor_restarts(Subject& subject) {
  WEIR_TRY(needs_position(subject));
  WEIR_TRY_ASSIGN(const std::filesystem::path place, subject.new_place());
  Knobs there;
  there.place = place;
  Session whole(subject, there);
  WEIR_TRY(whole.begin());
  if (whole.traits().replay != WEIR_REPLAY_EXACT) return skip("its traits promise no exact replay");
  WEIR_TRY_ASSIGN(const auto splits, plan(whole));
  constexpr std::size_t kMostStops = 20;
  for (const Split& split : splits) {
    std::vector<Stop> stops;
    const std::size_t before = whole.rows().size();
    WEIR_TRY(read_split(whole, split, {}, &stops));
    const std::vector<std::string> all(whole.rows().begin() + static_cast<std::ptrdiff_t>(before), whole.rows().end());
    for (std::size_t i = 0; i < stops.size(); i += 1 + stops.size() / kMostStops) {
      Session later(subject, there);
      WEIR_TRY(later.begin());
      const Step read = read_split(later, split, stops[i].position, nullptr);
      if (!read) return fail("opened at a position that it told: " + read.error().message);
      const auto from = static_cast<std::ptrdiff_t>(stops[i].rows - before);
      WEIR_TRY(same_rows({all.begin() + from, all.end()}, later.rows(),
                         "split '" + split.id + "' opened where it stood after " + std::to_string(from) + " rows"));
    }
  }
  return {};
}

Step position_repeats(Subject& subject) {
  WEIR_TRY(needs_position(subject));
  Session session(subject, {});
  WEIR_TRY(session.begin());
  WEIR_TRY_ASSIGN(const auto splits, plan(session));
  if (splits.empty()) return skip("it has no split");
  const weir_reader& reader = *session.table<weir_extractor>().reader;
  Reading reading(session, reader);
  WEIR_TRY(reading.open(splits.front()));
  return read_all(session, reader, reading.self(), [&]() -> Step {
    WEIR_TRY_ASSIGN(const std::string first, reading.position());
    WEIR_TRY_ASSIGN(const std::string second, reading.position());
    return first == second ? Step() : fail("position() told another position the second time");
  });
}

Step acknowledges_again(Subject& subject) {
  WEIR_TRY(needs_position(subject));
  Session session(subject, {});
  WEIR_TRY(session.begin());
  const weir_reader& reader = *session.table<weir_extractor>().reader;
  if (!WEIR_CAN(&reader, acknowledge)) return skip("its reader has no acknowledge()");
  WEIR_TRY_ASSIGN(const auto splits, plan(session));
  for (const Split& split : splits) {
    Reading reading(session, reader);
    WEIR_TRY(reading.open(split));
    WEIR_TRY(read_all(session, reader, reading.self()));
    WEIR_TRY_ASSIGN(const std::string position, reading.position());
    WEIR_TRY(reading.acknowledge(position));
    const Step again = reading.acknowledge(position);
    if (!again) return fail("the second acknowledge() of a position said: " + again.error().message);
  }
  return {};
}

// Positions and tokens that are not its own: of an earlier release, or damaged.
Step foreign_texts(Subject& subject, bool token) {
  WEIR_TRY_ASSIGN(const auto splits, plan_now(subject));
  if (splits.empty()) return skip("it has no split");
  for (const std::string& text :
       {std::string("?"), std::string(3, '\0'), std::string(100000, 'x'), std::string("{\"rows\":1e400}"),
        std::string(8, '\xFF'), std::string("-9223372036854775808")}) {
    Session session(subject, {});
    WEIR_TRY(session.begin());
    Split split = splits.front();
    if (token) split.token = text;
    static_cast<void>(read_split(session, split, token ? std::string_view() : text, nullptr));
    for (const char* const rule :
         {"status-known", "error-says-what", "nothing-thrown", "rows-valid", "rows-fit-schema"}) {
      if (const std::string* problem = session.observed(rule)) return fail(*problem);
    }
  }
  return {};
}

Step foreign_positions(Subject& subject) { return foreign_texts(subject, false); }
Step foreign_tokens(Subject& subject) { return foreign_texts(subject, true); }

// A read of a split without end comes back when its deadline has come; what blocks, ends when it is cancelled.
Step keeps_deadline(Subject& subject) {
  constexpr std::int64_t kWaitNs = 200'000'000, kLateNs = 2'000'000'000;
  Session session(subject, {});
  WEIR_TRY(session.begin());
  WEIR_TRY_ASSIGN(const auto splits, plan(session));
  const weir_reader& reader = *session.table<weir_extractor>().reader;
  for (const Split& split : splits) {
    if (!split.unbounded) continue;
    Reading reading(session, reader);
    WEIR_TRY(reading.open(split));
    for (int i = 0; i < 5; ++i) {
      std::int32_t outcome = -1;
      const OwnTime time;
      const std::int64_t deadline = plugins::monotonic_ns() + kWaitNs;
      WEIR_TRY(session.call("read", [&](weir_error* error) {
        return reader.read(reading.self(), deadline, session.next(), &outcome, error);
      }));
      const std::int64_t took = time.ns();
      if (took > kWaitNs + kLateNs)
        return fail("read() came back " + std::to_string((took - kWaitNs) / 1'000'000) + " ms after its deadline");
    }
  }
  return {};
}

constexpr Case kExtractorCases[] = {
    {"extractor", "plan-repeats", "A second plan tells the same splits.", kExtractor, plan_repeats,
     "let the id of a split depend on what it is, not on when it was found",
     "names it, the same at each plan(); at most 256 bytes"},
    {"extractor", "splits-told-apart",
     "Every split has an id of its own, of at most 256 bytes, and a token of at most 1 MiB.", kExtractor,
     ids_tell_apart, "give each split an id that no other has", "names it, the same at each plan(); at most 256 bytes"},
    {"extractor", "restarts-anywhere", "Opened at any position that it told, it gives the rows that were left.",
     kExtractor, extractor_restarts, "keep in the position all that the next row depends on",
     "open() at a position gives again the same rows from there"},
    {"extractor", "position-told", "A position is one item, of at most 1 MiB.", kExtractor, observed,
     "put() the position once, and keep it small", "acknowledge() to forget what is before. At most 1 MiB, no I/O."},
    {"extractor", "position-repeats", "Asked twice, it tells the same position.", kExtractor, position_repeats,
     "let position() change nothing", "Tells where the reader stands after its last read()"},
    {"extractor", "acknowledges-again", "A position may be acknowledged again.", kExtractor, acknowledges_again,
     "let acknowledge() of what was acknowledged do nothing", "In order; may be repeated;"},
    {"extractor", "foreign-positions", "A position that is not its own is refused.", kExtractor, foreign_positions,
     "check a position as what a stranger wrote, and refuse it with a message", "position told, by another process"},
    {"extractor", "foreign-tokens", "A token that is not its own is refused.", kExtractor, foreign_tokens,
     "check a token as what a stranger wrote, and refuse it with a message",
     "split may have been planned, and the position told, by another process."},
    {"extractor", "outcome-known", "read() tells what comes next, by a value of the header.",
     kExtractor | kFormat | kStorage, observed, "set *outcome to one of WEIR_READ_... before you return OK",
     "tells in *outcome what to expect next."},
    {"extractor", "keeps-deadline", "Reading what has no end, it waits no longer than its deadline.", kExtractor,
     keeps_deadline, "wait with a timeout, and return WEIR_READ_IDLE when the deadline has come",
     "but not past `deadline`: so barriers pass through a silent source."},
};

}  // namespace

std::span<const Case> extractor_cases() { return kExtractorCases; }

}  // namespace weir::conformance
