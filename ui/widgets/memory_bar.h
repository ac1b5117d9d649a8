#pragma once

#include "ui/models/memory_parts.h"

#include <QWidget>

namespace bs::ui {

/// What the engine's memory is taken up by as one bar with its legend, inside what there is for it.
/// Amber from 80 % on, red from 90 %, and a sentence says so.
class MemoryBar : public QWidget
{
    Q_OBJECT

public:
    explicit MemoryBar(QWidget* parent = nullptr);

    void setParts(const MemoryParts& parts);
    const MemoryParts& parts() const { return m_parts; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QColor colourOf(qsizetype part) const;
    int barHeight() const;
    void paintLegend(class QPainter& painter) const;

    MemoryParts m_parts;
};

} // namespace bs::ui
