#pragma once

#include "core/jobs/compress.h"
#include "tests/support/got.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_model.h"

#include <string>

namespace bs::test {

/// The tiny Llama, a text, and its stack of codec `bitstack`: four blocks a matrix, calibrated on
/// the text.
struct TinyStack
{
    TempFolder folder;
    std::string model = makeTinyModel(folder.path());
    std::string text = folder.write("text.txt", tinyText(3000));
    std::string stack = folder.file("tiny.bitstack");

    TinyStack()
    {
        CompressRequest request;
        request.model = model;
        request.output = stack;
        request.codec = "bitstack";
        request.blocks = 4;
        request.calibration = text;
        request.calibrationTokens = 512;
        got(compress(request, {}));
    }
};

} // namespace bs::test
