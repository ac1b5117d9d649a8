#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/stack/stack.h"

#include <doctest/doctest.h>

using namespace bs;

namespace {

/// A whole tensor of 100 bytes, linears of 2 x 10 and 3 x 7 bytes.
Stack smallStack()
{
    Stack stack;
    stack.matrices = {{"embed", 5, 10, false, {100}}, {"a", 4, 8, true, {10, 10}}, {"b", 8, 8, true, {7, 7, 7}}};
    stack.order = {{0, 0}, {2, 0}, {1, 0}, {2, 1}, {2, 2}, {1, 1}};
    stack.smallestCount = 2;
    return stack;
}

void checkInvalid(const Stack& stack, const std::string& part)
{
    const auto result = validate(stack);
    REQUIRE_FALSE(result);
    INFO(result.error().message);
    CHECK(result.error().code == ErrorCode::Format);
    CHECK(result.error().message.find(part) != std::string::npos);
}

} // namespace

TEST_CASE("a good stack is valid")
{
    CHECK(validate(smallStack()));
    CHECK(validate(Stack{}));
}

TEST_CASE("a broken order is named")
{
    Stack stack = smallStack();
    stack.order[3] = {3, 0};
    checkInvalid(stack, "entry 3: matrix number 3, the stack has 3");
    stack = smallStack();
    std::swap(stack.order[3], stack.order[4]);
    checkInvalid(stack, "entry 3: b block 2, but block 1 comes next");
    stack = smallStack();
    stack.order.push_back({1, 1});
    checkInvalid(stack, "a block 1, but block 2 comes next");
    stack.order.back().index = 2;
    checkInvalid(stack, "a block 2, the matrix has 2");
    stack = smallStack();
    stack.order.pop_back();
    checkInvalid(stack, "names 1 blocks of a, the file holds 2");
    stack = smallStack();
    stack.smallestCount = 7;
    checkInvalid(stack, "the smallest plan is 7 blocks, the loading order has 6");
}

TEST_CASE("plans from prefixes and depths")
{
    const Stack stack = smallStack();
    CHECK(prefixPlan(stack, 0).depth == std::vector<std::uint32_t>{0, 0, 0});
    CHECK(prefixPlan(stack, 2).depth == std::vector<std::uint32_t>{1, 0, 1});
    CHECK(prefixPlan(stack, 5).depth == std::vector<std::uint32_t>{1, 1, 3});
    CHECK(prefixPlan(stack, 99).depth == std::vector<std::uint32_t>{1, 2, 3});
    CHECK(uniformPlan(stack, 0).depth == std::vector<std::uint32_t>{1, 0, 0});
    CHECK(uniformPlan(stack, 2).depth == std::vector<std::uint32_t>{1, 2, 2});
    CHECK(uniformPlan(stack, 9).depth == std::vector<std::uint32_t>{1, 2, 3});
    CHECK(blockBytesOf(stack, prefixPlan(stack, 5)) == 100 + 10 + 21);
    CHECK(blockBytesOf(stack, prefixPlan(stack, 0)) == 0);
}

TEST_CASE("a plan is checked against its stack")
{
    const Stack stack = smallStack();
    CHECK(checkPlan(stack, Plan{{1, 2, 3}}));
    CHECK(checkPlan(stack, Plan{{0, 0, 0}}));
    const auto tooShort = checkPlan(stack, Plan{{1, 2}});
    REQUIRE_FALSE(tooShort);
    CHECK(tooShort.error().code == ErrorCode::Usage);
    CHECK(tooShort.error().message == "the plan is for 2 matrices, the stack has 3");
    const auto tooDeep = checkPlan(stack, Plan{{1, 2, 4}});
    REQUIRE_FALSE(tooDeep);
    CHECK(tooDeep.error().message == "the plan asks for 4 blocks of b, the stack has 3");
}
