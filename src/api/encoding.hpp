// In which encoding a text of unknown origin may be. Pure functions; any thread.
#pragma once

#include <string_view>

namespace msp {

// RFC 3629. Pure ASCII is UTF-8 too.
bool is_utf8(std::string_view);

// GB 18030, with GBK and GB 2312 in it. Pure ASCII is GB 18030 too.
bool is_gb18030(std::string_view);

}  // namespace msp
