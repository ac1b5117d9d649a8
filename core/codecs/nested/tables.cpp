#include "core/codecs/nested/tables.h"

#include "core/linalg/cpu/nested_steps.h"

#include <algorithm>
#include <cmath>

namespace bs::nested {

namespace {

constexpr int kBases = 2;

/// Trained on 60,000 samples, best of ten starts: Viterbi search and averaging in turn. A few entries
/// that hardly any sample chose are cut to 3.2.
constexpr std::array<std::array<TrainedStage, kMostPlanes>, kBases> kTrained{{
    {{ // first plane of one bit
        {1, 0.99940F, 0.307775F,
         {-0.3704F, 1.1112F, 0.5911F, -0.8465F, 0.4510F, -1.1593F, 0.0214F, 1.3483F,
          1.4616F, -0.2854F, -0.7937F, 0.4666F, -0.9814F, 0.5047F, -1.5835F, -0.0978F}},
        {1, 0.55247F, 0.094539F,
         {-0.4015F, 1.6385F, -1.0533F, 0.4147F, -0.7152F, 0.5709F, 0.7865F, -0.6540F,
          1.1127F, -0.3034F, 0.3546F, -1.7680F, 0.7194F, -0.7269F, -0.7052F, 0.6076F}},
        {1, 0.30541F, 0.029809F,
         {-0.5634F, 0.8960F, 0.4987F, -0.9376F, 1.7560F, -0.0044F, 0.6889F, -0.7695F,
          0.9918F, -0.4895F, -0.9972F, 0.5462F, -0.0150F, -1.7686F, -0.6283F, 0.7511F}},
        {1, 0.17107F, 0.009629F,
         {0.5252F, -0.9445F, -0.2692F, 1.8082F, 0.7094F, -0.5040F, -1.0861F, 0.3908F,
          -0.9333F, 0.5905F, 1.1770F, -0.2495F, -0.7550F, 0.7059F, 0.3062F, -1.7119F}},
        {1, 0.09687F, 0.003319F,
         {0.3629F, -1.0850F, -0.3485F, 1.7443F, 0.8370F, -0.5212F, -0.8943F, 0.6109F,
          -1.7211F, 0.3188F, 1.0176F, -0.3477F, -0.5300F, 0.7659F, 0.5326F, -0.7887F}},
        {1, 0.05646F, 0.001226F,
         {-0.5744F, 0.7718F, -1.7659F, 0.0362F, 0.8641F, -0.5069F, 0.3556F, -0.9490F,
          0.7284F, -0.8179F, -0.1352F, 1.3803F, -0.5963F, 0.7332F, -0.1973F, 3.2000F}},
        {1, 0.03433F, 0.000465F,
         {-3.2000F, 0.7247F, -0.0407F, -1.5423F, -0.8166F, 0.7164F, 0.7653F, -0.5830F,
          0.3383F, -0.4567F, 1.7222F, 0.0557F, 0.5405F, -0.6706F, -0.6248F, 0.6648F}},
        {1, 0.02064F, 0.000189F,
         {-1.2589F, 0.2659F, 0.4496F, -0.6198F, 0.0727F, -3.2000F, 1.1012F, -0.4937F,
          -0.3291F, 1.1272F, 3.2000F, -0.0661F, 0.6719F, -0.4858F, -0.8698F, 0.5541F}},
    }},
    {{ // first plane of two bits
        {2, 0.99940F, 0.091752F,
         {1.2994F, 0.4412F, 2.1896F, -0.5847F, -2.1140F, -0.1260F, -0.9450F, 0.9383F,
          0.3857F, 1.4302F, -0.2551F, -1.4634F, -0.5384F, -1.2676F, 0.7435F, 0.1051F}},
        {1, 0.30136F, 0.028583F,
         {-1.6103F, 0.2682F, -0.5020F, 0.8314F, 0.5658F, -0.8476F, -0.3908F, 1.3289F,
          0.3281F, -1.3378F, 1.3294F, -0.3629F, -0.8545F, 0.5106F, 0.9240F, -0.4917F}},
        {1, 0.16782F, 0.009371F,
         {-0.6473F, 0.8422F, 0.5919F, -0.7499F, 1.8431F, -0.0412F, 0.7307F, -0.7618F,
          0.8367F, -0.6020F, -0.8208F, 0.5569F, 0.0091F, -1.9663F, -0.6632F, 0.7260F}},
        {1, 0.09568F, 0.003238F,
         {0.5572F, -0.8019F, -0.3441F, 1.7031F, 0.8210F, -0.4875F, -1.7935F, 0.2654F,
          -0.8872F, 0.6281F, 0.9845F, -0.4039F, -0.5933F, 0.8174F, 0.3123F, -0.9973F}},
        {1, 0.05605F, 0.001243F,
         {-0.8435F, 0.4893F, 0.0679F, -0.1105F, -0.0896F, 1.8536F, -1.1141F, 0.6320F,
          0.6625F, -0.7126F, -0.4973F, 1.0778F, 0.7959F, -1.0581F, 0.3668F, -3.2000F}},
        {1, 0.03440F, 0.000471F,
         {0.6879F, -0.6942F, 0.8619F, -0.5686F, -0.0133F, 3.2000F, -0.1841F, 0.8221F,
          -0.6937F, 0.7363F, 3.2000F, 0.3781F, -0.1574F, 1.1658F, -1.6250F, -0.1963F}},
        {1, 0.02121F, 0.000186F,
         {-3.2000F, 0.7612F, 0.0059F, -1.3880F, -0.8321F, 0.7670F, 0.6546F, -0.5993F,
          0.3432F, -0.4103F, 1.7726F, 0.0584F, 0.5525F, -0.5858F, -0.6855F, 0.6471F}},
        {1, 0.01330F, 0.000080F,
         {-2.8796F, 0.4159F, 3.2000F, -0.1564F, -0.5416F, -3.2000F, 0.6634F, -0.7336F,
          -0.4805F, 0.7644F, 3.2000F, -0.0551F, 0.5356F, -0.6054F, -0.7171F, 0.5978F}},
    }},
}};

/// Largest level of the plane 0, 1, ..: those of a group add up to 63.
constexpr std::array<int, kMostPlanes> kClampOne{36, 17, 10, 30, 18, 15, 40, 23};
constexpr std::array<int, kMostPlanes> kClampTwo{48, 15, 30, 18, 15, 33, 19, 11};

using Tables = std::array<std::array<std::array<Levels, kGains>, kMostPlanes>, kBases>;

Levels roundedLevels(Base base, unsigned plane, int gain)
{
    const TrainedStage& stage = trainedStage(base, plane);
    const float unit = kUnit / static_cast<float>(levelWeight(base, plane)) * stage.deviation * gainOf(gain, kGainOne);
    const int most = base == Base::Two ? kClampTwo[plane] : kClampOne[plane];
    Levels rounded{};
    for (std::size_t w = 0; w < rounded.size(); ++w)
        rounded[w] = static_cast<std::int8_t>(
            std::clamp(static_cast<int>(std::lround(stage.levels[w] * unit)), -most, most));
    return rounded;
}

Tables allLevels()
{
    Tables tables{};
    for (const Base base : {Base::One, Base::Two})
        for (unsigned plane = 0; plane < kMostPlanes; ++plane)
            for (int gain = 0; gain < kGains; ++gain)
                tables[static_cast<std::size_t>(base)][plane][static_cast<std::size_t>(gain)] =
                    roundedLevels(base, plane, gain);
    return tables;
}

} // namespace

const TrainedStage& trainedStage(Base base, unsigned plane)
{
    return kTrained[static_cast<std::size_t>(base)][plane];
}

float meanSquareAfter(Base base, unsigned bits)
{
    return bits == 0 ? 1.0F : trainedStage(base, planesOf(base, bits) - 1).meanSquare;
}

float gainOf(int index, int one)
{
    return std::exp2(static_cast<float>(index - one) / 8);
}

int nearestGain(float gain, int one, int count)
{
    if (!(gain > 0))
        return 0;
    const auto index = static_cast<int>(std::lround(std::clamp(std::log2(gain) * 8, -1000.0F, 1000.0F)));
    return std::clamp(index + one, 0, count - 1);
}

unsigned groupOf(Base base, unsigned plane)
{
    return nestedGroup(base, plane);
}

int levelWeight(Base base, unsigned plane)
{
    constexpr std::array<int, 3> kWeights{32, 8, 1};
    return kWeights[groupOf(base, plane)];
}

const Levels& levels(Base base, unsigned plane, int gain)
{
    static const Tables tables = allLevels();
    return tables[static_cast<std::size_t>(base)][plane][static_cast<std::size_t>(gain)];
}

} // namespace bs::nested
