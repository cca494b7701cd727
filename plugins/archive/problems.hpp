// What is wrong with an archive, in words.
#pragma once

#include <string>
#include <vector>

#include <weir/cpp/failure.hpp>

namespace weir::archive {

// Of the file: `code` is errno.
Failure cannot_read(const std::string& path, int code);
Failure is_folder(const std::string& path);
Failure is_no_file(const std::string& path);
Failure is_empty(const std::string& path);
Failure has_changed(const std::string& path);
Failure is_no_archive(const std::string& path);
Failure nothing_matches(const std::string& pattern);

// Of what is in it. `object` is ARCHIVE!MEMBER, or the archive alone; `at` the byte of the archive.
Failure is_damaged(const std::string& object, const std::string& found, std::uint64_t at);
Failure wants_password(const std::string& object, bool given);
Failure no_such_member(const std::string& object);
Failure no_member_matches(const std::string& path, const std::string& pattern, const std::vector<std::string>& members);
Failure leads_out(const std::string& path, const std::string& member);
Failure stands_twice(const std::string& path, const std::string& member);
Failure is_no_data(const std::string& path, const std::string& member, const std::string& found);
Failure unpacks_to_more(const std::string& object, std::uint64_t limit_bytes);

Failure cancelled();
// Of every call that would write.
Failure read_only();

}  // namespace weir::archive
