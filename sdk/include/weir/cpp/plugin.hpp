// WEIR_PLUGIN: the description of a plugin, made of its components at compile time. Include the generated
// "weir_plugin_info.h" (weir_add_plugin() makes it from schema.json) before using it.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "format.hpp"
#include "loader.hpp"
#include "partial.hpp"
#include "reader.hpp"
#include "reads.hpp"
#include "state.hpp"
#include "storage.hpp"
#include "transformer.hpp"

namespace weir {

// Tells a component's table for an extension id, or null. [any]
using ExtensionFunction = const void*(weir_string);

namespace detail {

constexpr weir_component component(std::string_view name, std::int32_t kind, const void* table,
                                   ExtensionFunction* extension) {
  return {sizeof(weir_component), {name.data(), name.size()}, {nullptr, 0}, kind, 0, table, extension};
}

template <class T>
const void* transformer_extension(weir_string id) {
  if constexpr (TellsReads<T>) {
    if (to_view(id) == WEIR_READS) return &kReads<T>;
  }
  if constexpr (Remembers<T>) {
    if (to_view(id) == WEIR_STATE) return &kState<T>;
  }
  if constexpr (WorksInParts<T>) {
    if (to_view(id) == WEIR_PARTIAL) return &kPartial<T>;
  }
  return nullptr;
}

template <class R>
const void* format_extension(weir_string id) {
  if constexpr (ParsesChunks<R>) {
    if (to_view(id) == WEIR_CHUNKED) return &kChunked<R>;
  }
  if constexpr (LeavesColumnsOut<R>) {
    if (to_view(id) == WEIR_PUSHDOWN) return &kPushdown<R>;
  }
  return nullptr;
}

}  // namespace detail

// A transformer, by its name in schema.json; what T must have stands with Transformer. `extension`, if given, tells the
// component's tables; without it a T that has reads() tells what it reads (reads.hpp), one that has snapshot() and restore()
// remembers over a checkpoint (state.hpp), and one that has take() and merge() works in parts (partial.hpp).
template <class T>
constexpr weir_component transformer(std::string_view name, ExtensionFunction* extension = nullptr) {
  if constexpr (detail::TellsReads<T> || detail::Remembers<T> || detail::WorksInParts<T>) {
    if (extension == nullptr) extension = detail::transformer_extension<T>;
  }
  return detail::component(name, WEIR_KIND_TRANSFORMER, &detail::kTransformer<T>, extension);
}

// An extractor. T is the Reader of a split, and has
//   static bool plan(const Context&, std::string_view state, const Plan&);  // true: call again later, there will be more
//   T(const Context&, const weir_split&, std::string_view position, const Outputs&);  // tells the schema of the rows
//   static void traits(const Config&, weir_traits&);  // if it differs from the defaults in weir.h
// One that can leave columns out (ext/pushdown.h) is made with one argument more: const weir_wanted*, null for all of them. One
// with several streams (discover.hpp) has
//   static void streams(const Context&, const StreamSink&);  // lists them; Context::stream() says which one is meant
template <class T>
constexpr weir_component extractor(std::string_view name, ExtensionFunction* extension = nullptr) {
  if constexpr (detail::SelectsColumns<T> || detail::Discovers<T>) {
    if (extension == nullptr) extension = detail::split_extension<T>;
  }
  return detail::component(name, WEIR_KIND_EXTRACTOR, &detail::kExtractor<T>, extension);
}

// A loader: W is its Writer, C its Committer (void: none, as for one that is neither atomic nor two-phase). W may have
// `static void traits(const Config&, weir_traits&)`, which says how it commits.
template <class W, class C = void>
constexpr weir_component loader(std::string_view name, ExtensionFunction* extension = nullptr) {
  return detail::component(name, WEIR_KIND_LOADER, &detail::kLoader<W, C>, extension);
}

// A format: R is the Reader of an input or void, E its Encoder or void; S has `static std::int32_t sniff(const weir_sniff&)`:
// how sure it is, from the name and the first bytes, that an input is its own, 0 to 100.
//   R(const Context&, Input, std::string_view position, const Outputs&)
//   E(const Context&, const ArrowSchema& input, const Outputs& stored, Output)
// What R has beside them, where its records can be parsed apart or columns left out, stands in format.hpp.
template <class R, class E, class S>
constexpr weir_component format(std::string_view name) {
  ExtensionFunction* extension = nullptr;
  if constexpr (!std::is_void_v<R>) {
    if constexpr (detail::ParsesChunks<R> || detail::LeavesColumnsOut<R>) extension = detail::format_extension<R>;
  }
  return detail::component(name, WEIR_KIND_FORMAT, &detail::kFormat<R, E, S>, extension);
}

// A storage, a codec, a connection; what T must have stands with Storage, Codec and Connection.
template <class T>
constexpr weir_component storage(std::string_view name, ExtensionFunction* extension = nullptr) {
  return detail::component(name, WEIR_KIND_STORAGE, &detail::kStorage<T>, extension);
}
template <class T>
constexpr weir_component codec(std::string_view name) {
  return detail::component(name, WEIR_KIND_CODEC, &detail::kCodec<T>, nullptr);
}
template <class T>
constexpr weir_component connection(std::string_view name) {
  return detail::component(name, WEIR_KIND_CONNECTION, &detail::kConnection<T>, nullptr);
}

namespace detail {

// Gives each component its text of schema.json. Fails to compile (throw in a constant) where the two disagree.
template <class Entries>
constexpr weir_component described(weir_component made, const Entries& entries) {
  for (const auto& entry : entries) {
    if (std::string_view(entry.name) != std::string_view(made.name.data, made.name.length)) continue;
    if (entry.kind != made.kind) continue;
    made.about = {entry.about, entry.about_length};
    return made;
  }
  throw "schema.json does not describe this component, or gives it another kind";
}

template <std::size_t N>
constexpr std::array<const weir_component*, N> pointers_to(const std::array<weir_component, N>& components) {
  std::array<const weir_component*, N> pointers{};
  for (std::size_t i = 0; i < N; ++i) pointers[i] = &components[i];
  return pointers;
}

inline weir_status open_plugin(const weir_host* /*host*/, weir_error* /*error*/) { return WEIR_OK; }
inline void close_plugin() {}

}  // namespace detail
}  // namespace weir

// Defines the plugin's one exported function: WEIR_PLUGIN(weir::transformer<Upper>("upper"), ...).
#define WEIR_PLUGIN(...)                                                                       \
  namespace {                                                                                  \
  template <class... Components>                                                               \
  constexpr auto weir_describe(Components... components) {                                     \
    static_assert(sizeof...(Components) == WEIR_COMPONENT_COUNT,                               \
                  "schema.json describes another number of components");                       \
    return std::array<weir_component, sizeof...(Components)>{                                  \
        ::weir::detail::described(components, weir_about_entries)...};                         \
  }                                                                                            \
  constexpr auto weir_components = weir_describe(__VA_ARGS__);                                 \
  constexpr auto weir_component_pointers = ::weir::detail::pointers_to(weir_components);       \
  constexpr weir_plugin weir_this_plugin = {sizeof(weir_plugin),                               \
                                            WEIR_ABI,                                          \
                                            WEIR_VERSION(1, 0),                                \
                                            WEIR_STRING(WEIR_PLUGIN_NAME),                     \
                                            WEIR_STRING(WEIR_PLUGIN_VERSION),                  \
                                            ::weir::detail::open_plugin,                       \
                                            ::weir::detail::close_plugin,                      \
                                            weir_component_pointers.size(),                    \
                                            weir_component_pointers.data()};                   \
  }                                                                                            \
  extern "C" WEIR_EXPORT const weir_plugin* weir_plugin_v1(void) { return &weir_this_plugin; } \
  static_assert(true)
