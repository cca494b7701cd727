// Schemas compared and told in words, and one schema found for several files of a stream.
#pragma once

#include <span>
#include <string>

#include <weir/arrow.hpp>

#include "base/result.hpp"

namespace weir::arrow {

// Whether metadata (spelling, role, extension) counts in a comparison.
enum class FieldMetadata { ignored, compared };

// Tells whether two schemas describe the same rows: types, names, nullability, dictionaries and children, in order.
// The name of the outermost field (of a struct of rows) does not count. Threads: [any].
bool equal(const ArrowSchema& a, const ArrowSchema& b, FieldMetadata metadata = FieldMetadata::ignored);

// Tells the first difference in words, "column 'price': double here, int64 there", "column 'x' is missing there"; empty
// if the two are equal. `here` and `there` say what a and b are.
std::string difference(const ArrowSchema& a, const ArrowSchema& b, std::string_view here = "here",
                       std::string_view there = "there");

// Describes rows on one line: "id int64, name string?, tags list<string?>". A question mark: may be null.
std::string describe(const ArrowSchema& rows);

// Describes one field's type, with what is nested in it: "decimal(10,2)", "list<item int64?>", "dictionary<string>".
std::string describe_type(const ArrowSchema& field);

// The schema of one file of a stream. Lent for one call.
struct NamedSchema {
  std::string_view name;
  const ArrowSchema* schema;
};

// Finds one schema for several files, to be kept to by readers that are opened anew with it. Columns are matched by
// name, in the order of the first file. Types: null and T give T; integers widen, those and floats give double; date
// and timestamp give timestamp, timestamps of the same zone the finer unit; anything else gives string. Timestamps that
// are spelled differently give string (a column of mixed spellings stays text). Nullable if it is in any file. Nested
// types must be equal. Errors (fault source): a column that one file has and another lacks, naming both, unless the one that
// lacks it is open (WEIR_OPEN_FILES): then it is nullable; a struct or binary that meets something else. If all files are open
// and can give JSON text, none of those: the columns are the union of all, structs and lists agree within, and what has nothing
// in common becomes JSON text. Precondition: at least one file, all schemas of rows.
base::Result<weir::Schema> agree(std::span<const NamedSchema> files);

}  // namespace weir::arrow
