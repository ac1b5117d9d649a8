#pragma once

#include <QLabel>

namespace bs::ui {

/// A label that shortens its text where there is no room, instead of asking for more.
class ElidedLabel : public QLabel
{
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace bs::ui
