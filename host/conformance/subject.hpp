// Subject: what a case tries: a plugin's file, or one component of it, in a folder of its own. Threads: [main], but announce().
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "conformance/case.hpp"
#include "conformance/sample.hpp"
#include "plugins/library.hpp"

namespace weir::conformance {

class Subject {
 public:
  // `component` is lent, null for a case of the file as a whole; `folder` is empty. `progress` is the descriptor that is told
  // which function is called, -1: none.
  Subject(const Case& tried, std::filesystem::path file, plugins::PluginInfo info, std::filesystem::path folder)
      : case_(tried), file_(std::move(file)), info_(std::move(info)), folder_(std::move(folder)) {}
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  void choose(const plugins::ComponentInfo* component) { component_ = component; }
  void tell_progress_to(int descriptor) { progress_ = descriptor; }

  const Case& tried() const { return case_; }
  const std::filesystem::path& file() const { return file_; }
  const std::filesystem::path& folder() const { return folder_; }
  const plugins::PluginInfo& info() const { return info_; }
  const plugins::ComponentInfo& component() const { return *component_; }
  std::int32_t kind() const { return component_ == nullptr ? 0 : component_->kind; }

  // What the component is tried with.
  base::Result<const Sample*> sample();
  // The plugin, loaded and opened, until close(). A refusal is told by "loads" alone: it ends other cases.
  base::Result<const plugins::Library*> library();
  base::Result<const weir_component*> description();
  // Closes and unloads the plugin.
  void close() { library_.reset(); }

  // A new folder, with the files of the sample in it.
  base::Result<std::filesystem::path> new_place();

  // Whether the component has led a whole life: from then on a refusal is no excuse. [any]
  std::atomic<bool> taken_once = false;

  // Tells which function of the plugin is called next: so that a crash has a name. [any]
  void announce(std::string_view function);

 private:
  const Case& case_;
  std::filesystem::path file_;
  plugins::PluginInfo info_;
  std::filesystem::path folder_;
  const plugins::ComponentInfo* component_ = nullptr;
  int progress_ = -1;
  std::optional<Sample> sample_;
  std::shared_ptr<const plugins::Library> library_;
  std::mutex mutex_;  // of what follows
  std::string announced_;
  int places_ = 0;
};

}  // namespace weir::conformance
