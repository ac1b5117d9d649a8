#pragma once

#include "ui/jobs/records.h"

#include <QList>
#include <QStringList>

namespace bs::ui {

/// Several ways to compress several models, each measured at several sizes on several texts.
struct SweepSettings
{
    QString name; ///< what its runs share
    QStringList models;
    QStringList codecs;
    QList<int> blocks; ///< of codec bitstack
    QList<int> ranks;  ///< of codec bitstack
    QList<qint64> calibrationTokens;
    int spread = 5;        ///< sizes of each stack, evenly from its smallest to its largest
    QList<qint64> budgets; ///< more sizes, where a stack has them
    QStringList texts;
    int context = 2048;
    int chunks = 8;
    QString database;
};

/// What a sweep comes down to, in the order in which it is done: each file is measured as soon as
/// it is made.
struct SweepPlan
{
    struct Step
    {
        bool compresses = false;
        CompressSettings compress; ///< of a step that compresses
        MeasureSettings measure;   ///< of one that measures
    };
    QList<Step> steps;
    int filesThere = 0; ///< made by an earlier sweep of this name; measured as they are

    int compressions() const;
    int measurements() const;
};

/// Files are written beside their models. A model that is a stack already is measured as it is, and
/// the uncompressed model once on each text.
SweepPlan planSweep(const SweepSettings& settings);

} // namespace bs::ui
