// Component: a plugin's component with everything that an instance of it needs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <weir/weir.h>

#include "base/result.hpp"
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

// A component in use. Shared by its instances, which must not outlive it. Threads: [any], it is constant.
struct Component {
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
  Wait wait;  // before a call is repeated; empty: on the calling thread

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

  // Waits before a call is repeated; false: the run was told to stop.
  bool waited(std::int64_t ns) const {
    return wait ? wait(ns) : wait_on_thread(ns, host == nullptr ? nullptr : host->get());
  }

  // Calls a function of the plugin; gives its failure, located. `function` is its name in weir.h. A call that the plugin
  // says took no effect is repeated, after a while, as long as `may_repeat()`: so `body` sets up anew whatever the
  // plugin may have taken or filled.
  template <class Function, class MayRepeat>
  base::Result<void> call(std::string_view function, Function&& body, MayRepeat&& may_repeat) const {
    const std::int64_t begin = plugins::monotonic_ns();
    std::optional<Backoff> backoff;
    for (;;) {
      plugins::CallOutcome outcome = plugins::guarded_call({plugin, link, function}, depth, body);
      if (outcome.ok()) return {};
      if (!backoff) backoff.emplace(retrying, static_cast<std::uint32_t>(begin));
      const auto delay = backoff->next(outcome.status, outcome.failed.retry_after_ns, plugins::monotonic_ns() - begin);
      if (!delay || !may_repeat() || !waited(*delay)) return base::unexpected(located(std::move(outcome.failed)));
    }
  }
  template <class Function>
  base::Result<void> call(std::string_view function, Function&& body) const {
    return call(function, std::forward<Function>(body), [] { return true; });
  }
};

}  // namespace weir::pipeline
