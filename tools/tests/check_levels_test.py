import unittest

from tree import TreeTest

import check_levels


class LevelsTest(TreeTest):
    def told(self, *places: str) -> None:
        self.assert_told(check_levels.check(self.root), *places)

    def test_a_folder_includes_what_the_table_allows(self) -> None:
        self.write("src/provisioning/a.cpp", '#include "domain/chain.hpp"\n#include <vector>\n')
        self.write(
            "src/api/a.cpp",
            '#include "store/store.hpp"\n#include "world/clock.hpp"\n#include <boost/json.hpp>\n',
        )
        self.write("src/world/log.hpp", '#include "domain/identity.hpp"\n')
        self.write(
            "src/main/main.cpp",
            '#include "store/sqlite/sqlite_engine.hpp"\n#include <toml++/toml.h>\n',
        )
        self.told()

    def test_what_stands_outside_src_names_its_own_tree(self) -> None:
        self.write("tests/fuzz/a.cpp", '#include "tests/fuzz/a.hpp"\n#include "api/api.hpp"\n')
        self.write("tests/fuzz/b.cpp", '#include "a.hpp"\n')
        self.write("src/api/c.cpp", '#include "tests/fuzz/a.hpp"\n')
        self.told(
            'src/api/c.cpp:1: "tests/fuzz/a.hpp" does not begin at src/',
            'tests/fuzz/b.cpp:1: "a.hpp" does not begin at src/ or with tests/',
        )

    def test_a_folder_does_not_look_upwards(self) -> None:
        self.write("src/domain/a.cpp", '#include "domain/a.hpp"\n#include "world/clock.hpp"\n')
        self.write("src/world/b.hpp", '#include "domain/chain.hpp"\n')
        self.write("src/store/c.cpp", '#include "provisioning/switch_service.hpp"\n')
        self.write("src/cli/d.cpp", '#include "store/store.hpp"\n')
        self.write("src/gateway/e.cpp", '#include "api/routes.hpp"\n')
        self.told(
            "src/domain/a.cpp:2: domain/ may not",
            "src/world/b.hpp:1: world/ may not",
            "src/store/c.cpp:1: store/ may not",
            "src/cli/d.cpp:1: cli/ may not",
            "src/gateway/e.cpp:1: gateway/ may not",
        )

    def test_an_engine_is_seen_by_main_and_by_tests_in_memory_only(self) -> None:
        self.write("src/operators/a.cpp", '#include "store/memory/memory_engine.hpp"\n')
        self.write("src/notices/b_test.cpp", '#include "store/sqlite/sqlite_engine.hpp"\n')
        self.write(
            "src/notices/c_test.cpp",
            '#include "store/memory/memory_engine.hpp"\n#include "cast/receiver.hpp"\n',
        )
        self.told(
            "src/operators/a.cpp:1: operators/ may not",
            "src/notices/b_test.cpp:1: notices/ may not",
        )

    def test_an_include_begins_at_src(self) -> None:
        self.write("src/domain/a.cpp", '#include "chain.hpp"\n#include "../world/clock.hpp"\n')
        self.told(
            'src/domain/a.cpp:1: "chain.hpp" does not',
            'src/domain/a.cpp:2: "../world/clock.hpp" does not',
        )

    def test_a_folder_outside_the_table_is_refused(self) -> None:
        self.write("src/tooling/a.cpp", "int a;\n")
        self.told("src/tooling/a.cpp:1: stands in no room")

    def test_a_library_stays_in_its_room_and_out_of_headers(self) -> None:
        self.write(
            "src/world/server.cpp",
            "#include <boost/asio.hpp>\n#include <openssl/ssl.h>\n#include <curl/curl.h>\n",
        )
        self.write("src/store/sqlite/engine.cpp", "#include <sqlite3.h>\n")
        self.write("src/world/server.hpp", "#include <boost/asio/io_context.hpp>\n")
        self.write(
            "src/api/a.cpp",
            "#include <boost/beast/http.hpp>\n#include <curl/curl.h>\n#include <openssl/sha.h>\n",
        )
        self.write("src/store/b.cpp", "#include <sqlite3.h>\n")
        self.write("src/domain/c.cpp", "#include <fmt/format.h>\n")
        self.write("src/api/d.hpp", "#include <boost/json.hpp>\n")
        self.write("src/api/e.cpp", "#include <mystery/x.h>\n#include <unistd.h>\n")
        self.told(
            "src/world/server.hpp:1: <boost/asio",
            "src/api/a.cpp:1: <boost/beast",
            "src/api/a.cpp:2: <curl",
            "src/api/a.cpp:3: <openssl",
            "src/store/b.cpp:1: <sqlite3.h>",
            "src/domain/c.cpp:1: <fmt",
            "src/api/d.hpp:1: <boost/json",
            "src/api/e.cpp:1: <mystery",
            "src/api/e.cpp:2: <unistd.h>",
        )

    def test_tests_stay_out_of_the_product(self) -> None:
        self.write("src/store/store_contract.hpp", "#include <doctest/doctest.h>\n")
        self.write("src/store/a_test.cpp", "#include <doctest/doctest.h>\n")
        self.write("src/store/a.cpp", "#include <doctest/doctest.h>\n")
        self.told("src/store/a.cpp:1: <doctest/doctest.h> outside a test")


if __name__ == "__main__":
    unittest.main()
