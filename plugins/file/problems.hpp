// What the operating system refuses, in words.
#pragma once

#include <string>

#include <weir/cpp/failure.hpp>

namespace weir::file {

// Makes the error of a source file that can't be read: `code` is errno.
Failure cannot_read(const std::string& path, int code);

// Makes the error of a source that is not there: tells the part that is missing, and a near name if there is one.
Failure no_such_file(const std::string& path);

// Makes the error of a target that can't be written, or whose folder can't; `doing` says what was tried: "create".
Failure cannot_write(const std::string& path, const std::string& doing, int code);

// Makes the error of a folder where a file should be.
Failure is_folder(const std::string& path, bool source);

Failure cancelled();

// Gives the folder part of a path, and its last name.
std::string folder_of(const std::string& path);
std::string name_of(const std::string& path);

}  // namespace weir::file
