#pragma once

#include <QWidget>

class QCustomPlot;

namespace bs::ui {

/// A chart as a file.
struct Picture
{
    enum class Kind { Png, Svg, Pdf };
    Kind kind = Kind::Png;
    QSize size{900, 560}; ///< points
    int scale = 2;        ///< pixels a point, of Kind::Png
};

/// What all charts have in common: the canvas, one sentence about what is shown, a card for the
/// point or cell that is looked at, and how they leave as a file.
class Chart : public QWidget
{
    Q_OBJECT

public:
    explicit Chart(QWidget* parent = nullptr);

    /// What stands over the chart in a file.
    virtual QString title() const = 0;

    /// For screen readers, while no point is looked at.
    void setSummary(const QString& sentence);
    const QString& summary() const { return m_summary; }
    /// The figures shown for what is under the mouse or chosen by keys; empty without one.
    const QString& cardText() const { return m_cardText; }
    /// Not behind another tab.
    bool isSeen() const;

    /// Writes the chart as it is, with its title. False: not written, and why.
    bool savePicture(const QString& path, const Picture& how, QString* problem);

    QSize sizeHint() const override { return {420, 320}; }
    QSize minimumSizeHint() const override { return {260, 200}; }

Q_SIGNALS:
    void cardChanged(const QString& text);

protected:
    QCustomPlot* canvas() const { return m_plot; }
    void setCardText(const QString& text);
    void changeEvent(QEvent* event) override;
    /// Palette or font changed.
    virtual void restyle() = 0;
    /// Nothing is looked at any more.
    virtual void hideCard() = 0;

private:
    QCustomPlot* m_plot;
    QString m_summary;
    QString m_cardText;
};

} // namespace bs::ui
