// weir.reads/1 for C++: what a transformer reads, which conditions its rows meet, where its columns come from.
#pragma once

#include <cstdint>
#include <string_view>

#include "../ext/reads.h"
#include "transformer.hpp"

namespace weir {

// Receives conditions. Throws Stop.
class ConditionSink {
 public:
  explicit ConditionSink(const weir_condition_sink* raw) : raw_(raw) {}
  // `is` is a WEIR_IS_...; `constant` has one row, of `schema`; both empty where `is` needs none.
  void put(std::uint64_t input, std::string_view column, std::int32_t is, Schema schema = {},
           Array constant = {}) const {
    const bool none = schema.empty();
    check(raw_->put(raw_, input, to_weir(column), is, none ? nullptr : schema.address(),
                    none ? nullptr : constant.address()));
  }

 private:
  const weir_condition_sink* raw_;
};

namespace detail {

// A transformer that says what it reads has reads(); conditions() and lineage() are for those that have some to tell.
template <class T>
concept TellsReads = requires(const T& self, const Sink& names) { self.reads(std::uint64_t{0}, names); };
template <class T>
concept TellsConditions = requires(const T& self, const ConditionSink& conditions) { self.conditions(conditions); };
template <class T>
concept TellsLineage = requires(const T& self, const Sink& names) {
  self.lineage(std::uint64_t{0}, std::string_view(), std::uint64_t{0}, names);
};

template <class T>
weir_status reads_columns(void* self, std::uint64_t input, const weir_sink* names, weir_error* error) {
  return at_edge(error, [&] { as<const T>(self).reads(input, Sink(names)); });
}

template <class T>
weir_status reads_conditions(void* self, const weir_condition_sink* conditions, weir_error* error) {
  return at_edge(error, [&] { as<const T>(self).conditions(ConditionSink(conditions)); });
}

template <class T>
weir_status reads_lineage(void* self, std::uint64_t output, weir_string column, std::uint64_t input,
                          const weir_sink* names, weir_error* error) {
  return at_edge(error, [&] { as<const T>(self).lineage(output, to_view(column), input, Sink(names)); });
}

template <class T>
constexpr weir_reads reads_table() {
  weir_reads table{sizeof(weir_reads), reads_columns<T>, nullptr, nullptr};
  if constexpr (TellsConditions<T>) table.conditions = reads_conditions<T>;
  if constexpr (TellsLineage<T>) table.lineage = reads_lineage<T>;
  return table;
}

template <class T>
inline constexpr weir_reads kReads = reads_table<T>();

template <class T>
const void* reads_extension(weir_string id) {
  return to_view(id) == WEIR_READS ? &kReads<T> : nullptr;
}

}  // namespace detail
}  // namespace weir
