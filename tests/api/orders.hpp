// What the tests of the public API share: a folder with orders and a state of its own, and somebody who hears all events.
#pragma once

#include <weir/api.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <weir_test_folder.hpp>

namespace weir::api::test_orders {

namespace fs = std::filesystem;

inline std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Heard : public EventHandler {
 public:
  std::vector<PipelineEvent> events;
  void handle(const PipelineEvent& event) override { events.push_back(event); }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& event : events) names.emplace_back(events::event_name(event.detail));
    return names;
  }
  template <class Event>
  const Event* first() const {
    for (const auto& event : events) {
      if (const auto* found = std::get_if<Event>(&event.detail)) return found;
    }
    return nullptr;
  }
};

// A folder with orders, and a state of its own.
struct Orders {
  test::Folder folder;
  Orders() {
    write("orders.csv", "id,country,price\n1,DE,2.5\n2,FR,\n3,DE,4\n9007199254740993,US,1\n");
    ::setenv("XDG_STATE_HOME", (folder.path() / "state").c_str(), 1);
    ::setenv("WEIR_PLUGIN_PATH", PLUGINS, 1);
  }
  ~Orders() {
    ::unsetenv("XDG_STATE_HOME");
    ::unsetenv("WEIR_PLUGIN_PATH");
  }
  Orders(const Orders&) = delete;
  Orders& operator=(const Orders&) = delete;
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder.path() / name) << text; }
  fs::path path(const std::string& name) const { return folder.path() / name; }
  // The names of all that is in the folder, but for state.
  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder.path())) names.insert(entry.path().filename().string());
    names.erase("state");
    return names;
  }
  PipelineBuilder builder(const std::string& to = "out.csv") const {
    PipelineBuilder builder("orders");
    builder.folder(folder.path().string())
        .extract("file", {{"path", "orders.csv"}})
        .transform("filter", {{"where", "country = 'DE'"}})
        .load("file", {{"path", to}});
    return builder;
  }
};

}  // namespace weir::api::test_orders
