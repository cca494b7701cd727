#include "pipeline/component.hpp"

#include <algorithm>
#include <string_view>

namespace weir::pipeline {

plugins::ContextParts Component::context_parts(const RunIdentity& run, std::uint64_t instance) const {
  plugins::ContextParts parts;
  parts.host = host->get();
  parts.config = config->get();
  parts.run = run.run;
  parts.link = link;
  parts.lane = run.lane;
  parts.streams = {stream};
  parts.instance = instance;
  parts.fence = run.fence;
  parts.epoch = run.epoch;
  return parts;
}

bool Component::waited(std::string_view function, std::int64_t ns) const {
  const plugins::Culprit culprit{plugin, link, function};
  const plugins::CallTerms terms{calls, {}, false, true};
  const plugins::RunningCall waiting(culprit, terms);
  return wait ? wait(ns) : wait_on_thread(ns, host == nullptr ? nullptr : host->get());
}

Component::~Component() {
  const std::int64_t kept = lending->out;
  if (kept == 0) return;
  complain(plugins::misbehaviour(
      {plugin, link, "destroy"}, "plugin.keeps_rows",
      "expected it to release all batches that it took, found " + std::to_string(kept) + " kept for ever"));
}

base::Result<void> Component::check(std::string_view function, const LentBatch& lent) const {
  const std::string sin = lent.sin();
  if (sin.empty()) return {};
  return base::unexpected(plugins::misbehaviour({plugin, link, function}, "plugin.misbehaviour", sin));
}

void Component::complain(const base::Error& error) const {
  if (host == nullptr || host->told_to() == nullptr) return;
  host->told_to()->warning(error.code, error.message);
}

base::Result<bool> Component::ended(std::int32_t outcome) const {
  if (outcome == WEIR_READ_END) return true;
  if (outcome == WEIR_READ_MORE || outcome == WEIR_READ_IDLE) return false;
  return base::unexpected(
      plugins::misbehaviour({plugin, link, "read"}, "plugin.misbehaviour",
                            "expected more, idle or the end, found outcome " + std::to_string(outcome)));
}

namespace {

// What a value that stands in a manifest without quotes is, if a comment follows it in its line; else empty.
std::string_view before_comment(const base::Place& value) {
  const std::string_view line = value.source_line;
  if (value.column == 0 || value.column > line.size()) return {};
  const std::string_view text = line.substr(value.column - 1, value.length);
  const std::string_view behind = line.substr(value.column - 1 + text.size());
  const std::size_t next = behind.find_first_not_of(" \t");
  const bool comment = next != std::string_view::npos && next > 0 && behind[next] == '#';
  return comment && text.find_first_of("\"'|>") != 0 ? text : std::string_view();
}

// The hint of a mistake in it: the component's own, unless the comment begins within a text of the component's language.
void explain_comment(const base::Place& value, std::string& hint) {
  const std::string_view text = before_comment(value);
  const auto open = [text](char quote) { return std::count(text.begin(), text.end(), quote) % 2 != 0; };
  if (!text.empty() && (hint.empty() || open('\'') || open('"')))
    hint = "what follows a # is a comment for YAML: put the text in quotes";
}

}  // namespace

base::Error Component::located(plugins::PluginError failed) const {
  // What is wrong with the manifest stands in it: if no option is named, where the component is.
  const bool somewhere = failed.error.fault == base::Fault::manifest && !failed.error.place.known();
  if ((!failed.option.empty() || somewhere) && place) {
    const auto length = static_cast<std::size_t>(std::max<std::int64_t>(failed.length, 1));
    failed.error.place = place(failed.option, {failed.offset, length});
    const std::string prefix = name + ": ";
    if (!failed.error.message.starts_with(prefix)) failed.error.message.insert(0, prefix);
    if (!failed.option.empty()) explain_comment(place(failed.option, {}), failed.error.hint);
  }
  failed.error.link = link;
  return std::move(failed.error);
}

}  // namespace weir::pipeline
