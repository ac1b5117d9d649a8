#pragma once

#include "ui/jobs/comparison.h"
#include "ui/jobs/engine_session.h"
#include "ui/jobs/library.h"
#include "ui/models/compare_summary_model.h"

#include <QWidget>

class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace bs::ui {

class CompareColumns;
class KeepRow;
class PinMenu;
class PromptEdit;

/// Two models side by side: what A and B are, a prompt that both answer, what is known about both,
/// and the smallest size that keeps A's answer.
class ComparePage : public QWidget
{
    Q_OBJECT

public:
    /// `actions`: shown as buttons beside the pins.
    ComparePage(EngineSession* session, Library* library, const QList<QAction*>& actions,
                QWidget* parent = nullptr);

    Comparison* comparison() { return &m_comparison; }
    KeepRow* keepRow() { return m_keep; }
    bool canAnswer() const;
    bool canMeasure() const;

    /// The size that is set now, or the model that is open.
    void pinOpen(Side side);
    void answer();
    void copyMarkdown();
    void askMeasure();
    /// Reads again what was measured of both.
    void readMeasurements();
    /// What was measured of the open model: sizes to choose from.
    void setSeries(const QList<CurveSeries>& series);

Q_SIGNALS:
    void availabilityChanged();
    void measureRequested(const QList<bs::ui::MeasureSettings>& jobs);
    void openRequested();

protected:
    void focusInEvent(QFocusEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildPins(const QList<QAction*>& actions);
    QWidget* buildPrompt();
    void buildSummary();
    QWidget* buildEmpty();
    void connectAll();
    void restorePins();
    void showPins();
    void showNext();
    void showFigures();
    void takeMeasured(const QList<CurvePoint>& points);
    void updateControls();
    AnswerSettings settings() const;
    QString speedNote() const;

    EngineSession* m_session;
    Library* m_library;
    Comparison m_comparison;
    CompareSummaryModel m_figures;
    QList<CurvePoint> m_measured;
    bool m_restored = false;
    QStringList m_read; ///< artifacts that m_measured is of
    Both<QToolButton*> m_pins;
    Both<PinMenu*> m_menus;
    QLabel* m_problem;
    PromptEdit* m_prompt;
    QDoubleSpinBox* m_temperature;
    QSpinBox* m_tokens;
    QSpinBox* m_seed;
    QPushButton* m_answer;
    QPushButton* m_stop;
    CompareColumns* m_columns;
    QTableView* m_summary;
    QPushButton* m_measure;
    KeepRow* m_keep;
    QStackedWidget* m_body;
    QLabel* m_next;
    QPushButton* m_nextButton;
};

} // namespace bs::ui
