// Addresses: of packages and indexes that a server has, http:// or https://.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace weir::packages {

// Whether a text is meant as one: it begins with http:// or https://.
bool is_address(std::string_view text);
// Whether nobody on the way can change what it gives.
bool is_secure(std::string_view address);

// An address as it may be shown and kept: without name and password, and with "?…" for a query, which may be a secret too.
std::string shown_address(const std::string& address);

// The secret that stands in one, or in a proxy's HOST:PORT, as its server wants it; empty: none.
std::string password_of(const std::string& address);

// Of a text that can't be one, or not of this kind: download.address.
base::Error wrong_address(const std::string& address);

// Whether it can be one: a host, and no port or letter that none can have. Error: download.address.
base::Result<void> check_address(const std::string& address);

}  // namespace weir::packages
