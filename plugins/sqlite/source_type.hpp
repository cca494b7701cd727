// Which type a column of a result has: as it is declared, and where SQLite declares nothing that says it, by its values.
//
//   declared                          type                          what the loader declares so
//   BOOLEAN, BOOL                     bool                          bool
//   DECIMAL_TEXT(p,s), DECIMAL(p,s),
//   NUMERIC(p,s)                      decimal(p,s)                  decimal(p,s)
//   DATE                              date, if texts say so         date
//   TIME                              time, if texts say so         time
//   TIMESTAMP, DATETIME               timestamp, if texts say so    timestamp
//   INT in it                         int64                         integers, durations
//   JSON_TEXT                         JSON text (arrow.json)        lists, structs, maps, JSON text
//   UNSIGNED_BLOB                     uint64                        uint64: numbers, above int64 their digits as text
//   CHAR, CLOB, TEXT in it            string                        text, intervals
//   BLOB in it                        binary                        bytes
//   REAL, FLOA, DOUB in it            double                        floating point
//   anything else, nothing            by the values                 null
#pragma once

#include <string>
#include <string_view>

#include <weir/weir.hpp>

#include "sample.hpp"

namespace weir::sqlite {

// What a declaration says.
struct Declared {
  enum class Kind : std::int32_t {
    boolean,
    integer,
    unsigned_integer,
    real,
    text,
    json,
    bytes,
    decimal,
    date,
    time,
    timestamp,
    none
  };
  Kind kind = Kind::none;
  int precision = 0, scale = 0;  // decimals

  // True if values have to be seen to tell the type.
  bool open() const { return kind >= Kind::date; }
};

// Takes a declaration apart; case does not matter. An empty one is none.
Declared declared_as(std::string_view declaration);

// Gives the column's field. `whole`: the sample is all there is. Throws a Failure of the data, without a place, if the
// values of an open column are not of one type.
Schema source_field(std::string_view name, const Declared& declared, const Sample& sample, std::size_t column,
                    bool whole);

// Gives the type of the field that the column is to keep to, if it holds each of the column's values: text, for numbers, dates
// and times; double, for integers that are exact in it; any, for a column without values. Else the field of the column.
Schema kept_to(Schema own, const ArrowSchema& expected);

}  // namespace weir::sqlite
