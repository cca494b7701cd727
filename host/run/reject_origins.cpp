#include "run/reject_origins.hpp"

#include <algorithm>

namespace weir::run {

void RejectOrigins::restore(pipeline::Reject& reject) const {
  const auto split = splits_.find(reject.split);
  if (split == splits_.end()) return;
  const auto behind = std::upper_bound(split->second.begin(), split->second.end(), reject.position,
                                       [](std::int64_t offset, const At& at) { return offset < at.offset; });
  const RejectOrigin origin = behind == split->second.begin() ? RejectOrigin{} : std::prev(behind)->origin;
  reject.stream = origin.stream;
  reject.split = origin.split;
  reject.position = origin.position;
  reject.place = {origin.file, origin.line, 0, 0, {}};
}

}  // namespace weir::run
