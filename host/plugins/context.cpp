// Contexts: texts and schemas copied, so that every pointer in them lives as long as the owner.
#include "plugins/context.hpp"

namespace weir::plugins {
ContextOwner::ContextOwner(ContextParts parts) : parts_(std::move(parts)) {
  if (parts_.streams.empty()) parts_.streams.emplace_back();
  for (const std::string& stream : parts_.streams) streams_.push_back(string_of(stream));
  schemas_.reserve(parts_.expected.size());
  for (const ArrowSchema* schema : parts_.expected) {
    schemas_.push_back(schema == nullptr ? weir::Schema() : weir::Schema::copy_of(*schema));
    expected_.push_back(schema == nullptr ? nullptr : &schemas_.back().get());
  }
  // A plugin reads one for each stream.
  if (!expected_.empty()) expected_.resize(streams_.size(), nullptr);
  context_.size = sizeof context_;
  context_.host = parts_.host;
  context_.config = parts_.config;
  context_.run = string_of(parts_.run);
  context_.link = string_of(parts_.link);
  context_.lane = string_of(parts_.lane);
  context_.streams = streams_.data();
  context_.expected = expected_.empty() ? nullptr : expected_.data();
  context_.stream_count = streams_.size();
  context_.instance = parts_.instance;
  context_.fence = parts_.fence;
  context_.epoch = parts_.epoch;
  context_.commit = parts_.commit;
}

}  // namespace weir::plugins
