#include "base/document_qr.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace motcua {
namespace {

// Every person, number and place here is made up.
const std::string citizen = "001090000019|010000019|Nguyễn Văn A|01011990|Nam|Tổ 1, Phúc Xá, Ba Đình, Hà Nội|15042021";
const std::string insurance = "GD4790000000012|4e677579e1bb856e20562e|05/06/1958|2|48c3a0204ee1bb9969|79 - 013|01/01/2021|31/12/2021|x|$";

template <class T>
T read(const std::string& text) {
  const auto found = parse_document_qr(text);
  EXPECT_TRUE(found) << text << ' ' << (found ? "" : found.failure().code + " " + found.failure().field);
  if (!found || !std::holds_alternative<T>(*found)) {
    ADD_FAILURE() << "another kind: " << text;
    return {};
  }
  return std::get<T>(*found);
}

TEST(DocumentQr, CitizenCards) {
  const CitizenCardQr plain{"001090000019", "010000019", "Nguyễn Văn A", "Tổ 1, Phúc Xá, Ba Đình, Hà Nội", {1990, 1, 1}, Sex::male, PartialDate{2021, 4, 15}};
  EXPECT_EQ(read<CitizenCardQr>(citizen), plain);
  EXPECT_EQ(read<CitizenCardQr>(citizen + "|||\r\n"), plain) << "what the card of 2024 adds";
  auto without = plain;
  without.old_id_number.clear();
  EXPECT_EQ(read<CitizenCardQr>("001090000019||Nguyễn Văn A|01011990|Nam|Tổ 1, Phúc Xá, Ba Đình, Hà Nội|15042021"), without);
  EXPECT_EQ(read<CitizenCardQr>("079190000012||Trần Thị B|20111990|Nữ|Q1|").birth, (PartialDate{1990, 11, 20})) << "not the year 2011";
  EXPECT_EQ(read<CitizenCardQr>("079190000012||Tra\u0302\u0300n B|20111990|Nữ|Q1|").full_name, "Trần B") << "decomposed letters";
}

TEST(DocumentQr, InsuranceCards) {
  const InsuranceCardQr card{"GD4790000000012", "Nguyễn V.", "Hà Nội", "79 - 013", {1958, 6, 5}, Sex::female, PartialDate{2021, 1, 1}, PartialDate{2021, 12, 31}};
  EXPECT_EQ(read<InsuranceCardQr>(insurance), card);
  const auto short_one = read<InsuranceCardQr>("0123456789|4e|1958|1||79 - 013|01/01/2021|-|");
  EXPECT_EQ(short_one.card_number, "0123456789");
  EXPECT_EQ(short_one.birth, (PartialDate{1958, 0, 0}));
  EXPECT_EQ(short_one.sex, Sex::male);
  EXPECT_FALSE(short_one.to);
}

TEST(DocumentQr, LinksAndCodes) {
  EXPECT_EQ(read<DeclarationQr>("https://kb.example/#tokhai_yte/model?id=0f8fad5b-d9cb-469f-a165-70867728950e"), (DeclarationQr{"hcmc", "0f8fad5b-d9cb-469f-a165-70867728950e"}));
  EXPECT_EQ(read<VenueQr>("https://kb.example/#tokhai_yte/model?&o=aa-1&dd_id=bb-2&n=Ch%E1%BB%A3+B%E1%BA%BFn&stt=1"), (VenueQr{"aa-1", "bb-2", "Chợ Bến"}));
  EXPECT_EQ(read<DeclarationQr>("https://tokhaiyte.vn/?page=x&id=a1b2"), (DeclarationQr{"tokhaiyte", "a1b2"}));
  EXPECT_EQ(read<DeclarationQr>("http://www.tokhaiyte.vn/x?code=77"), (DeclarationQr{"tokhaiyte", "77"}));
  EXPECT_EQ(read<DeclarationQr>("https://suckhoetoandan.vn/khaiyte"), (DeclarationQr{"vhd", ""}));
  EXPECT_EQ(read<PaperCodeQr>("3-7992739871"), (PaperCodeQr{"7992739871"}));   // the example number of many descriptions of Luhn's formula
  EXPECT_EQ(read<PassQr>("MC1:ABC"), (PassQr{"MC1:ABC"}));
  EXPECT_EQ(read<CardQr>("MCC:0123456789ABCDEFGHJKMNPQRS"), (CardQr{"0123456789abcdefghjkmnpqrs"}));
}

TEST(DocumentQr, WhatIsNoneIsUnknownAndWhatIsBrokenNamesItsField) {
  const std::string uuid_link = "https://x/#tokhai_yte/model?";
  const std::tuple<std::string, const char*, const char*> cases[] = {
      {"", "document_qr.unknown", ""}, {"hello", "document_qr.unknown", ""}, {"|", "document_qr.unknown", ""}, {"a|b|c|d|e|f|g", "document_qr.unknown", ""},
      {"12345678901|x|y", "document_qr.unknown", ""}, {std::string(100, '|'), "document_qr.unknown", ""}, {"\xff\xfe", "document_qr.unknown", ""}, {std::string("3-79\0", 5), "document_qr.unknown", ""},
      {"https://example.org/?id=1", "document_qr.unknown", ""}, {"https://tokhaiyte.vn@example.org/?id=1", "document_qr.unknown", ""}, {"https://nottokhaiyte.vn/", "document_qr.unknown", ""},
      {"https://tokhaiyte.vn.example.org/", "document_qr.unknown", ""}, {"http://", "document_qr.unknown", ""}, {"3-", "document_qr.unknown", ""}, {"3-7992739871a", "document_qr.unknown", ""},
      {std::string(document_qr_bytes_max + 1, '1'), "document_qr.too_long", ""},
      {"4-7992739871", "document_qr.damaged", "check_digit"},
      {"001090000019|010000019|A", "document_qr.damaged", "fields"}, {"001090000019|01|A|01011990|Nam|x|15042021", "document_qr.damaged", "old_id_number"},
      {"001090000019|||01011990|Nam|x|15042021", "document_qr.damaged", "full_name"}, {"001090000019||A|31021990|Nam|x|15042021", "document_qr.damaged", "birth_date"},
      {"001090000019||A|1990|Nam|x|15042021", "document_qr.damaged", "birth_date"}, {"001090000019||A|01011990|N|x|15042021", "document_qr.damaged", "sex"},
      {"001090000019||A|01011990|Nam|x|1504", "document_qr.damaged", "issued"}, {"001090000019||" + std::string(2000, 'a') + "|01011990|Nam|x|", "document_qr.damaged", "full_name"},
      {"GD4790000000012|4e6|1958|1|00|x", "document_qr.damaged", "full_name"}, {"GD4790000000012|ff|1958|1||x", "document_qr.damaged", "full_name"}, {"GD4790000000012|4e00|1958|1||x", "document_qr.damaged", "full_name"},
      {"GD4790000000012|4e||1||x", "document_qr.damaged", "birth_date"}, {"GD4790000000012|4e|1958|3||x", "document_qr.damaged", "sex"}, {"GD4790000000012|4e|1958", "document_qr.damaged", "fields"},
      {"GD4790000000012|4e|1958|1||x|yesterday", "document_qr.damaged", "from"},
      {uuid_link + "id=<script>", "document_qr.damaged", "id"}, {uuid_link + "id=" + std::string(65, 'a'), "document_qr.damaged", "id"}, {uuid_link, "document_qr.damaged", "organisation"},
      {uuid_link + "o=a&n=x", "document_qr.damaged", "place"}, {uuid_link + "o=a&dd_id=b&n=%4", "document_qr.damaged", "name"}, {uuid_link + "o=a&dd_id=b&n=%ff", "document_qr.damaged", "name"}};
  for (const auto& [text, code, field] : cases) {
    const auto found = parse_document_qr(text);
    ASSERT_FALSE(found) << text;
    EXPECT_EQ(found.failure().code, code) << text;
    EXPECT_EQ(found.failure().field, field) << text;
  }
}

RC_GTEST_PROP(DocumentQr, OneWrongDigitIsNoticed, (std::uint32_t number)) {
  std::string digits = std::to_string(number);
  const std::string code = std::string(1, luhn_digit(digits)) + '-';
  RC_ASSERT(static_cast<bool>(parse_document_qr(code + digits)));
  const auto at = *rc::gen::inRange<std::size_t>(0, digits.size());
  digits[at] = static_cast<char>('0' + (digits[at] - '0' + *rc::gen::inRange(1, 10)) % 10);
  RC_ASSERT(!parse_document_qr(code + digits));
}

}  // namespace
}  // namespace motcua
