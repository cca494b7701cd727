// Arrow for C++: owners, typed views and builders over the structs of the Arrow C Data Interface in weir.h, for every type
// that crosses. Needs nothing but the standard library. Include this, not the pieces.
//
//   types (format)                          view                                    builder
//   null (n)                                none: every row is null                 NullBuilder
//   bool (b)                                BooleanColumn                           BooleanBuilder
//   int8…uint64 (c C s S i I l L)           NumberColumn<int8_t…uint64_t>           NumberBuilder<the same>
//   float16, 32, 64 (e f g)                 NumberColumn<Half, float, double>       NumberBuilder<the same>
//   decimal128 (d:P,S)                      NumberColumn<Int128>                    NumberBuilder<Int128>
//   decimal256 (d:P,S,256)                  NumberColumn<Int256>                    NumberBuilder<Int256>
//   utf8, binary (u z)                      TextColumn                              TextBuilder
//   large_utf8, large_binary (U Z)          LargeTextColumn                         LargeTextBuilder
//   utf8_view, binary_view (vu vz)          ViewColumn                              ViewBuilder
//   fixed-size binary (w:N)                 FixedBinaryColumn                       FixedBinaryBuilder
//   date32, time32 (tdD tts ttm)            NumberColumn<int32_t>                   NumberBuilder<int32_t>
//   date64, time64 (tdm ttu ttn)            NumberColumn<int64_t>                   NumberBuilder<int64_t>
//   timestamp (ts[smun]:ZONE)               NumberColumn<int64_t>                   NumberBuilder<int64_t>
//   duration (tD[smun])                     NumberColumn<int64_t>                   NumberBuilder<int64_t>
//   interval (tiM tiD tin)                  NumberColumn<int32_t, DaysTime, MonthsDays>   NumberBuilder<the same>
//   list, large_list (+l +L)                ListColumn, LargeListColumn             ListBuilder, LargeListBuilder
//   fixed-size list (+w:N)                  FixedListColumn                         FixedListBuilder
//   struct (+s)                             StructColumn                            StructBuilder; rows_of
//   map (+m)                                MapColumn                               MapBuilder
//   dictionary (the index's)                DictionaryColumn                        DictionaryBuilder; with_dictionary
#pragma once

#include "cpp/array.hpp"           // IWYU pragma: export
#include "cpp/builder.hpp"         // IWYU pragma: export
#include "cpp/nested.hpp"          // IWYU pragma: export
#include "cpp/nested_builder.hpp"  // IWYU pragma: export
#include "cpp/schema.hpp"          // IWYU pragma: export
#include "cpp/text.hpp"            // IWYU pragma: export
#include "cpp/types.hpp"           // IWYU pragma: export
#include "cpp/values.hpp"          // IWYU pragma: export
#include "cpp/view_builder.hpp"    // IWYU pragma: export
