// Component: a plugin's component with everything that an instance of it needs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <weir/weir.h>

#include "base/result.hpp"
#include "pipeline/lent_batch.hpp"
#include "pipeline/repeating.hpp"
#include "pipeline/retry.hpp"
#include "plugins/config.hpp"
#include "plugins/context.hpp"
#include "plugins/error.hpp"
#include "plugins/guard.hpp"
#include "plugins/host_table.hpp"
#include "plugins/library.hpp"

namespace weir::pipeline {

// Which run, lane and grant of it the instances belong to.
struct RunIdentity {
  std::string run;
  std::string lane = "main";
  std::uint64_t fence = 1;
  std::uint64_t epoch = 1;
};

// Bytes of an option's text; offset -1: all of it.
struct TextPart {
  TextPart(std::int64_t from = -1, std::size_t bytes = 1) : offset(from), length(bytes) {}  // NOLINT: implicit
  std::int64_t offset;
  std::size_t length;
};

// A function of a plugin that is called.
struct Callee {
  template <std::size_t kLength>
  Callee(const char (&literal)[kLength]) : name(literal, kLength - 1) {}  // NOLINT: implicit
  Callee(std::string_view function, std::function<void()> stop, bool waits = false)
      : name(function), cancel(std::move(stop)), may_wait(waits) {}
  std::string_view name;         // in weir.h
  std::function<void()> cancel;  // makes a call in progress return soon; empty: nothing does
  bool may_wait = false;         // for what nobody knows the coming of
};

// The cancel of an instance; empty: it has none. Table: weir_reader, weir_transformer, …; Self: void, or a lent object.
template <class Table, class Self>
std::function<void()> cancel_of(const Table& table, Self* self) {
  if (!WEIR_CAN(&table, cancel)) return {};
  return [cancel = table.cancel, self] { cancel(self); };
}

// A component in use. Shared by its instances, which must not outlive it, nor may rows that they were lent. Threads: [any],
// it is constant.
struct Component {
  Component() = default;
  Component(const Component&) = delete;
  Component& operator=(const Component&) = delete;
  // Complains of rows that were lent and never released.
  ~Component();

  std::shared_ptr<const plugins::Library> library;  // ends with the last instance
  const weir_component* description = nullptr;
  std::string name;  // of the component
  std::string plugin;
  std::string link;
  std::unique_ptr<plugins::ConfigHandle> config;
  std::unique_ptr<plugins::HostTable> host;
  plugins::GuardDepth depth = plugins::GuardDepth::quick;  // of what is checked around each call
  // The place in the manifest of an option (JSON pointer), or of a part of its text.
  std::function<base::Place(const std::string& option, TextPart part)> place;
  Retrying retrying;
  std::shared_ptr<Retries> retries;     // shared by all of a run; null: there is no budget, nobody is told
  std::shared_ptr<Breaker> breaker;     // shared by all who use its connection; null: there is none
  plugins::CallWatch* calls = nullptr;  // watches its calls; lent; null: nobody does
  std::shared_ptr<Lending> lending = std::make_shared<Lending>();
  Wait wait;           // before a call is repeated; empty: on the calling thread
  std::string stream;  // which of the extractor's streams it is about; empty: its only one, or it is no extractor

  template <class Table>
  const Table& table() const {
    return *static_cast<const Table*>(description->table);
  }

  const void* extension(std::string_view id) const { return plugins::Library::extension(*description, id); }

  plugins::ContextParts context_parts(const RunIdentity& run, std::uint64_t instance = 0) const;

  // Makes the host's error of a plugin's: with the option's place in the manifest, if it named one.
  base::Error located(plugins::PluginError failed) const;

  // Understands what a reader's read() told of what comes next: true, nothing does. An outcome that is none, or that this
  // host can't follow (another schema), is an error.
  base::Result<bool> ended(std::int32_t outcome) const;

  // Waits before `function` is called again; false: the run was told to stop.
  bool waited(std::string_view function, std::int64_t ns) const;

  // Calls a function of the plugin; gives its failure, located. A call that the plugin says took no effect is repeated,
  // after a while, as long as `may_repeat()`: so `body` sets up anew whatever the plugin may have taken or filled.
  template <class Function, class MayRepeat>
  base::Result<void> call(const Callee& callee, Function&& body, MayRepeat&& may_repeat) const {
    Repeating repeating(*this, callee.name);
    for (;;) {
      if (!repeating.may_go_out()) return base::unexpected(located(repeating.take_failure()));
      plugins::CallOutcome outcome = once(callee, body);
      if (repeating.is_done(std::move(outcome))) return {};
      if (!may_repeat() || !repeating.again()) return base::unexpected(located(repeating.take_failure()));
    }
  }
  template <class Function>
  base::Result<void> call(const Callee& callee, Function&& body) const {
    return call(callee, std::forward<Function>(body), [] { return true; });
  }
  // Calls it once.
  template <class Function>
  plugins::CallOutcome once(const Callee& callee, Function&& body) const {
    return plugins::guarded_call({plugin, link, callee.name}, depth, std::forward<Function>(body),
                                 {calls, callee.cancel, callee.may_wait});
  }
  // Calls one that can't fail: destroy, close, cancel. What it does wrong is logged.
  template <class Function>
  void tell(std::string_view function, Function&& body) const {
    if (const auto failed = plugins::guarded_void({plugin, link, function}, std::forward<Function>(body), {calls}))
      complain(*failed);
  }
  // Whoever of this component is lent a batch of `schema`, which is lent.
  Borrower borrower(const ArrowSchema& schema) const {
    return {lending, depth == plugins::GuardDepth::full ? &schema : nullptr};
  }
  // After a call of `function`: whether it dealt well with what it was lent.
  base::Result<void> check(std::string_view function, const LentBatch& lent) const;
  // Logs what the plugin did wrong, where no call can fail for it.
  void complain(const base::Error& error) const;
};

}  // namespace weir::pipeline
