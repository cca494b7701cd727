// Logic of three values: and, or, not, is null, case, coalesce.
#pragma once

#include <memory>
#include <vector>

#include "operation.hpp"

namespace weir::expr {

using Operations = std::vector<OperationPointer>;

// All parts are booleans. A part is computed only for the rows that the parts before it left open, so what stands behind
// `b <> 0 and …` meets no b that is 0.
OperationPointer and_operation(Operations parts);
OperationPointer or_operation(Operations parts);
OperationPointer not_operation(OperationPointer part);

// `operand is null` (negated: is not null), for what is not a column as it stands.
OperationPointer is_null_operation(OperationPointer operand, bool negated);

// The value of the first condition that is true; `values` is one longer than `conditions`, its last is the else. All values
// have type `type`. Each is computed for its own rows only.
OperationPointer choose_operation(ValueType type, Operations conditions, Operations values);

// The first that is not null. All have type `type`; each is computed only where those before it are null.
OperationPointer coalesce_operation(ValueType type, Operations values);

// The same value for several places of one tree: computed once a chunk.
class Shared {
 public:
  explicit Shared(OperationPointer operation);
  // One more use of it.
  OperationPointer use() const;
  const ValueType& type() const;

 private:
  std::shared_ptr<const class SharedState> state_;  // ends with its last use
};

}  // namespace weir::expr
