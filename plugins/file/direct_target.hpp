// Standard output, pipes and devices, for writing: nothing can be staged there. What is written has happened, so it is
// at least once; committing has nothing left to do.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <weir/cpp/storage.hpp>

namespace weir::file {

// Opens standard output ("-"), a pipe (waits for its reader) or a character device. `resume` goes on: it tells only how
// much was written before. `context` must outlive what is opened.
std::unique_ptr<StoredOutput> open_direct(const Context& context, const std::string& path, std::string_view resume);

}  // namespace weir::file
