#include "tests/fuzz/targets.hpp"

#include "api/card_csv.hpp"

#include <string>

namespace msp::fuzz {

namespace {

// Everything that is said of a file, as one text.
class CsvReading {
public:
    explicit CsvReading(std::size_t bytes) : csv_(CheckDigit::strict, bytes) {}

    void feed(std::string_view piece) {
        csv_.feed(piece);
        take();
    }
    std::string finish() {
        csv_.finish();
        take();
        if (csv_.fault()) said_ += "fault " + csv_.fault()->code + csv_.fault()->suggestion;
        for (const CsvWarning& warning : csv_.warnings()) said_ += warning.code + warning.detail;
        return said_;
    }

private:
    void take() {
        while (const auto line = csv_.next()) {
            said_ += std::to_string(line->line) + " ";
            if (line->row)
                said_ += line->row->iccid.text();
            else
                said_ += csv_.rejected_row(*line, line->row.reason());
            said_ += "\n";
        }
    }

    CardCsv csv_;
    std::string said_;
};

}  // namespace

void take_card_file(std::string_view bytes) {
    if (bytes.empty()) return;
    CsvReading whole(bytes.size() - 1);
    CsvReading cut(bytes.size() - 1);
    whole.feed(bytes.substr(1));
    in_pieces(bytes, [&cut](std::string_view piece) { cut.feed(piece); });
    assert(whole.finish() == cut.finish());
}

}  // namespace msp::fuzz
