// HostTable: the host as one instance of a plugin sees it (struct weir_host).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <weir/ext/draft/quality.h>
#include <weir/weir.h>

#include "observe/log.hpp"

namespace weir::plugins {

class CallWatch;
class Memory;

// What stands behind the table. All of it is lent and outlives the HostTable.
struct HostServices {
  observe::Log* log = nullptr;                   // null: what is told is lost
  Memory* memory = nullptr;                      // behind weir.memory/1; null: there is no such extension
  const std::atomic<bool>* cancelled = nullptr;  // null: never
  std::function<std::int64_t()> now;             // empty: CLOCK_MONOTONIC; [any]
  CallWatch* calls = nullptr;                    // watches the plugins' calls; null: nobody does
  // Behind weir.earlier/1: how many rows came to a link in the last runs, the newest first, so many at most. Empty: no run is
  // kept. [any]
  std::function<std::vector<std::uint64_t>(const std::string& link, std::size_t most)> earlier;
  // Behind weir.quality/1: what a link judges. Empty: nobody wants to know. [any]
  std::function<void(const std::string& link, const weir_judgement& judgement)> judged;
};

// Owns a weir_host. It must outlive the instance it is given to. Not copied or moved: the plugin keeps its address.
// Threads: [any].
class HostTable {
 public:
  // `link` is the link's name in the manifest (empty: none, as for a plugin's open()), `plugin` the plugin's name.
  HostTable(HostServices services, std::string link, std::string plugin);
  HostTable(const HostTable&) = delete;
  HostTable& operator=(const HostTable&) = delete;

  const weir_host* get() const { return &table_; }
  const std::string& link() const { return link_; }
  const std::string& plugin() const { return plugin_; }
  observe::Log* told_to() const { return services_.log; }
  CallWatch* calls() const { return services_.calls; }
  Memory* memory() const { return services_.memory; }
  std::vector<std::uint64_t> earlier_rows(std::size_t most) const {
    return services_.earlier ? services_.earlier(link_, most) : std::vector<std::uint64_t>();
  }
  void judged(const weir_judgement& judgement) const {
    if (services_.judged) services_.judged(link_, judgement);
  }
  // Whose table `host` is.
  static const HostTable& of(const weir_host* host) { return *static_cast<const Table*>(host)->owner; }

 private:
  struct Table : weir_host {
    const HostTable* owner;
  };
  static std::int64_t now(const weir_host* self);
  static void log(const weir_host* self, std::int32_t level, weir_string event, weir_string detail);
  static const void* extension(const weir_host* self, weir_string id);
  static std::int32_t cancelled(const weir_host* self);
  void write(std::int32_t level, std::string_view event, std::string_view detail) const;

  HostServices services_;
  std::string link_;
  std::string plugin_;
  Table table_{};
};

// Now, in nanoseconds of CLOCK_MONOTONIC.
std::int64_t monotonic_ns();

}  // namespace weir::plugins
