#include <filesystem>

#include "api/state.hpp"

namespace weir::api {
namespace {

// A second one makes a list of one: a manifest may have either.
void add_to(Options& document, const std::string& key, Options use) {
  if (!document.contains(key)) {
    document[key] = std::move(use);
    return;
  }
  Options& there = document[key];
  if (!there.is_array()) there = Options::array({std::move(there)});
  there.push_back(std::move(use));
}

// `use:` first, as a person would write it.
Options use_of(std::string component, const Options& options) {
  Options use{{"use", std::move(component)}};
  for (const auto& [name, value] : options.items()) use[name] = value;
  return use;
}

}  // namespace

struct PipelineBuilder::Parts {
  Options document;  // of the manifest, in the order in which it was said
  std::string folder;
  bool validate_full = false;
  std::vector<std::shared_ptr<events::EventHandler>> handlers;
};

PipelineBuilder::PipelineBuilder(std::string name) : parts_(std::make_unique<Parts>()) {
  parts_->document["weir"] = 1;
  parts_->document["name"] = std::move(name);
}
PipelineBuilder::PipelineBuilder(PipelineBuilder&&) noexcept = default;
PipelineBuilder& PipelineBuilder::operator=(PipelineBuilder&&) noexcept = default;
PipelineBuilder::~PipelineBuilder() = default;

PipelineBuilder& PipelineBuilder::folder(std::string path) {
  parts_->folder = std::move(path);
  return *this;
}

PipelineBuilder& PipelineBuilder::extract(std::string component, const Options& options) {
  add_to(parts_->document, "extract", use_of(std::move(component), options));
  return *this;
}

PipelineBuilder& PipelineBuilder::transform(std::string component, const Options& options) {
  Options& links = parts_->document["transform"];
  if (links.is_null()) links = Options::array();
  links.push_back(use_of(std::move(component), options));
  return *this;
}

PipelineBuilder& PipelineBuilder::load(std::string component, const Options& options) {
  add_to(parts_->document, "load", use_of(std::move(component), options));
  return *this;
}

PipelineBuilder& PipelineBuilder::reject(std::string component, const Options& options) {
  parts_->document["reject"] = use_of(std::move(component), options);
  return *this;
}

PipelineBuilder& PipelineBuilder::branch(const std::string& name, PipelineBuilder branch) {
  Options& there = parts_->document["branches"][name];
  there = Options::object();
  for (const char* key : {"transform", "load"}) {
    if (branch.parts_->document.contains(key)) there[key] = branch.parts_->document[key];
  }
  return *this;
}

PipelineBuilder& PipelineBuilder::set(const std::string& key, Options value) {
  parts_->document[key] = std::move(value);
  return *this;
}

PipelineBuilder& PipelineBuilder::with_integrity_checks(IntegrityChecks checks) {
  parts_->validate_full = checks == IntegrityChecks::full;
  return *this;
}

PipelineBuilder& PipelineBuilder::with_monitoring(std::shared_ptr<events::EventHandler> handler) {
  parts_->handlers.push_back(std::move(handler));
  return *this;
}

Outcome<Pipeline> PipelineBuilder::build() const {
  auto state = std::make_shared<Pipeline::State>();
  std::error_code problem;
  const std::filesystem::path folder =
      std::filesystem::absolute(parts_->folder.empty() ? "." : parts_->folder, problem);
  state->options.text = parts_->document.dump(2, ' ', false, Options::error_handler_t::replace) + "\n";
  state->options.manifest = parts_->document.at("name").get<std::string>() + ".json";
  state->options.folder = std::filesystem::weakly_canonical(folder, problem);
  state->options.settings.validate_full = parts_->validate_full;
  for (const auto& handler : parts_->handlers) state->bus.subscribe(handler);
  return Pipeline::check(std::move(state));
}

}  // namespace weir::api
