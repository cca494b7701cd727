// Cases of transformers that remember (weir.state/1): snapshots, and instances that are restored from them.
#include <algorithm>

#include <weir/ext/state.h>

#include "conformance/lived.hpp"

namespace weir::conformance {
namespace {

constexpr std::size_t kMostKey = 1U << 10U, kMostValue = 16U << 20U;

using Items = std::map<std::string, std::string>;

struct StateSink : weir_state_sink {
  Session* session;
  Items* items;
  std::set<std::string>* told;
};

std::string text_in(weir_bytes bytes) { return {reinterpret_cast<const char*>(bytes.data), bytes.length}; }

void watch(const StateSink& sink, const std::string& key, std::size_t value_bytes) {
  if (!sink.told->insert(key).second) sink.session->observe("state-items", "snapshot() told a key twice");
  if (key.size() > kMostKey)
    sink.session->observe("state-items", "snapshot() told a key of " + std::to_string(key.size()) + " bytes");
  if (value_bytes > kMostValue)
    sink.session->observe("state-items", "snapshot() told a value of " + std::to_string(value_bytes) + " bytes");
}

weir_status put(const weir_state_sink* self, weir_bytes key, weir_bytes value) {
  const auto& sink = *static_cast<const StateSink*>(self);
  const weir_status status = sink.session->callback("put");
  if (status != WEIR_OK) return status;
  watch(sink, text_in(key), value.length);
  (*sink.items)[text_in(key)] = text_in(value);
  return WEIR_OK;
}

weir_status remove_item(const weir_state_sink* self, weir_bytes key) {
  const auto& sink = *static_cast<const StateSink*>(self);
  const weir_status status = sink.session->callback("remove");
  if (status != WEIR_OK) return status;
  watch(sink, text_in(key), 0);
  sink.items->erase(text_in(key));
  return WEIR_OK;
}

base::Result<const weir_state*> state_of(Session& session) {
  const void* table = plugins::Library::extension(session.description(), WEIR_STATE);
  if (table == nullptr) return skip("it has no weir.state/1");
  const auto* state = static_cast<const weir_state*>(table);
  if (WEIR_CAN(state, remembers) && state->remembers(session.config()) == 0)
    return skip("as it is tried it remembers nothing: say other options in `conformance`");
  return state;
}

// An instance that remembers, from create() to its end.
class Remembering {
 public:
  Remembering(Subject& subject, const std::filesystem::path& place)
      : session_(subject, knobs(place)), made_(session_) {}

  Session& session() { return session_; }

  Step create() {
    WEIR_TRY(session_.begin());
    WEIR_TRY_ASSIGN(state_, state_of(session_));
    return made_.create();
  }
  // Batches [from, to), each with the barrier behind it.
  Step process(std::size_t from, std::size_t to) {
    const auto batches = session_.batches();
    for (std::size_t i = from; i < to; ++i) {
      WEIR_TRY(made_.process(batches[i]));
      WEIR_TRY(barrier());
    }
    return {};
  }
  Step end() { return made_.end(); }
  // Adds what changed to the items.
  Step snapshot(Items& items) {
    std::set<std::string> told;
    const StateSink sink{{sizeof(weir_state_sink), put, remove_item}, &session_, &items, &told};
    return session_.call("snapshot", [&](weir_error* error) { return state_->snapshot(made_.self(), &sink, error); });
  }
  // Gives items back, so many a call; `last` comes with the last of them, or in a call of its own.
  Step restore(const std::vector<std::pair<std::string, std::string>>& items, std::size_t each, bool last_alone) {
    for (std::size_t from = 0; from < items.size(); from += each) {
      const std::size_t to = std::min(items.size(), from + each);
      WEIR_TRY(give(items, from, to, to == items.size() && !last_alone));
    }
    return items.empty() || last_alone ? give(items, 0, 0, true) : Step();
  }

 private:
  static Knobs knobs(const std::filesystem::path& place) {
    // The later batches have rows that came before: there is something to remember.
    constexpr std::int64_t kDifferent = 50;
    Knobs knobs;
    knobs.place = place;
    knobs.batches = {40, 30, 1, 60};
    knobs.rows = [](const ArrowSchema& columns, std::int64_t first, std::int64_t count) {
      return sample_rows(columns, first % kDifferent, count);
    };
    return knobs;
  }
  Step barrier() {
    return WEIR_CAN(&session_.table<weir_transformer>(), flush) ? made_.flush(WEIR_FLUSH_BARRIER) : Step();
  }
  Step give(const std::vector<std::pair<std::string, std::string>>& items, std::size_t from, std::size_t to,
            bool last) {
    std::vector<weir_bytes> keys, values;
    for (std::size_t i = from; i < to; ++i) {
      keys.push_back(bytes_of(items[i].first));
      values.push_back(bytes_of(items[i].second));
    }
    return session_.call("restore", [&](weir_error* error) {
      return state_->restore(made_.self(), keys.data(), values.data(), keys.size(), last ? 1 : 0, error);
    });
  }

  Session session_;
  Transformation made_;
  const weir_state* state_ = nullptr;
};

constexpr std::size_t kBatches = 4;

enum class Snapshots { once, at_each_batch };

struct Restored {
  std::size_t each = SIZE_MAX;
  bool last_alone = false, backwards = false;
};

// One instance goes on to the end, another is restored from what the first told at `cut`: both pass on the same rows from there.
Step goes_on(Subject& subject, std::size_t cut, Snapshots snapshots, Restored how) {
  WEIR_TRY_ASSIGN(const std::filesystem::path place, subject.new_place());
  Remembering first(subject, place);
  WEIR_TRY(first.create());
  Items kept;
  for (std::size_t i = 0; i < cut; ++i) {
    WEIR_TRY(first.process(i, i + 1));
    if (snapshots == Snapshots::at_each_batch) WEIR_TRY(first.snapshot(kept));
  }
  if (snapshots == Snapshots::once) WEIR_TRY(first.snapshot(kept));
  const std::size_t before = first.session().rows().size();
  WEIR_TRY(first.process(cut, kBatches));
  WEIR_TRY(first.end());
  const auto& rows = first.session().rows();
  const std::vector<std::string> wanted(rows.begin() + static_cast<std::ptrdiff_t>(before), rows.end());

  Remembering second(subject, place);
  WEIR_TRY(second.create());
  std::vector<std::pair<std::string, std::string>> items(kept.begin(), kept.end());
  if (how.backwards) std::reverse(items.begin(), items.end());
  const Step given = second.restore(items, std::min(how.each, std::max<std::size_t>(items.size(), 1)), how.last_alone);
  if (!given) return fail("restore() of what snapshot() told said: " + second.session().message());
  WEIR_TRY(second.process(cut, kBatches));
  WEIR_TRY(second.end());
  return same_rows(by_output(wanted), by_output(second.session().rows()),
                   "restored after " + std::to_string(cut) + " batches");
}

Step state_restores(Subject& subject) {
  for (std::size_t cut = 0; cut <= kBatches; ++cut) WEIR_TRY(goes_on(subject, cut, Snapshots::once, {}));
  return {};
}

Step state_adds_up(Subject& subject) {
  for (std::size_t cut = 2; cut <= kBatches; ++cut) WEIR_TRY(goes_on(subject, cut, Snapshots::at_each_batch, {}));
  return {};
}

Step state_any_order(Subject& subject) {
  for (const std::size_t each : {std::size_t{1}, std::size_t{3}}) {
    WEIR_TRY(goes_on(subject, 2, Snapshots::once, {each, true, false}));
    WEIR_TRY(goes_on(subject, 2, Snapshots::once, {each, false, true}));
  }
  return {};
}

Step state_items(Subject& subject) {
  WEIR_TRY_ASSIGN(const std::filesystem::path place, subject.new_place());
  Remembering one(subject, place);
  WEIR_TRY(one.create());
  Items kept;
  for (std::size_t i = 0; i < kBatches; ++i) {
    WEIR_TRY(one.process(i, i + 1));
    WEIR_TRY(one.snapshot(kept));
  }
  return observation(one.session(), subject);
}

// Items of an earlier release, or of nobody; and its own, damaged.
Step foreign_state(Subject& subject) {
  WEIR_TRY_ASSIGN(const std::filesystem::path place, subject.new_place());
  Items kept;
  {
    Remembering one(subject, place);
    WEIR_TRY(one.create());
    WEIR_TRY(one.process(0, 1));
    WEIR_TRY(one.snapshot(kept));
  }
  const std::string key = kept.empty() ? "key" : kept.begin()->first, value = kept.empty() ? "" : kept.begin()->second;
  const std::vector<std::vector<std::pair<std::string, std::string>>> foreign = {
      {{"?", "?"}},
      {{key, ""}},
      {{key, value.substr(0, value.size() / 2)}},
      {{key, value + std::string(5, '\xFF')}},
      {{key, std::string(value.size(), '\xFF')}},
      {{key, std::string(100'000, 'x')}},
      {{std::string(kMostKey, '\0'), value}},
  };
  for (const auto& items : foreign) {
    Remembering other(subject, place);
    WEIR_TRY(other.create());
    if (other.restore(items, 1, false)) static_cast<void>(other.process(0, kBatches));
    for (const char* const rule :
         {"status-known", "error-says-what", "nothing-thrown", "rows-valid", "rows-fit-schema"}) {
      if (const std::string* problem = other.session().observed(rule)) return fail(*problem);
    }
  }
  return {};
}

constexpr Case kStateCases[] = {
    {"state", "state-restores", "Restored in another instance it goes on as the first one does.", kTransformer,
     state_restores, "tell in snapshot() all that the next row depends on, and take it back in restore()",
     "Puts the items back (item i is keys[i], values[i];"},
    {"state", "state-adds-up", "Snapshots put together are its state: each tells what has changed since the last.",
     kTransformer, state_adds_up, "note what was put or removed since the last snapshot() that returned OK",
     "Tells what changed since the last one that returned OK; the first: since restore(), or, without one, all."},
    {"state", "state-items", "Each key comes once a snapshot, and has at most 1 KiB; a value 16 MiB.", kTransformer,
     state_items, "keep an item small, and tell it once: put or removed",
     "Each key once, put or removed. Items may be as many as convenient: a key has at most 1 KiB, a value 16 MiB;"},
    {"state", "state-any-order", "Items are taken back in any order, some at a time.", kTransformer, state_any_order,
     "let restore() take each item by its key, and what needs all of them wait for `last`",
     "each key once, in any order), in calls of some items each, `last` 1 with the last, which may have none."},
    {"state", "foreign-state", "A state that is not its own is refused, or read as well as may be.", kTransformer,
     foreign_state, "check an item as what a stranger wrote, and refuse it with a message",
     "in another process, by a later release. FAILED_PRECONDITION if it can't be done."},
};

}  // namespace

std::span<const Case> state_cases() { return kStateCases; }

}  // namespace weir::conformance
