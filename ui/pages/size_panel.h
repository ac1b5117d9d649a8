#pragma once

#include "ui/jobs/engine_session.h"
#include "ui/models/size_history.h"
#include "ui/models/size_scale.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QSlider;
class QStackedWidget;

namespace bs::ui {

class MemoryBar;
class SizeTicks;

/// How many bytes the model may use: a slider, exact bytes, what they buy.
class SizePanel : public QWidget
{
    Q_OBJECT

public:
    explicit SizePanel(EngineSession* session, QWidget* parent = nullptr);

    /// One small step down (-1) or up (1), for the menu.
    void step(int by);
    void setToEnd(bool largest);
    /// Goes to a size, as if it had been typed.
    void choose(qint64 bytes);
    /// The sizes chosen so far of the model that is open.
    SizeHistory* history() { return &m_history; }

Q_SIGNALS:
    void compressRequested();
    /// What was typed is no size, or none that the model has.
    void refused(const QString& sentence);

private:
    void buildControls(QWidget* page);
    void buildOffer(QWidget* page);
    void updateSizes();
    void updateTicks();
    void updateState();
    void sliderMoved(int step);
    void typed();
    void remember(qint64 bytes);
    void apply(qint64 bytes);
    QWidget* recipeRow(QWidget* page);
    void updateRecipe();
    void describe(qint64 bytes);
    /// What a size takes in memory, with what comes on top of it.
    void tellMemory(qint64 weightBytes);

    EngineSession* m_session;
    SizeScale m_scale;
    QStackedWidget* m_pages;
    QLabel* m_offerText = nullptr;
    QPushButton* m_compress = nullptr;
    QLabel* m_headline = nullptr;
    QSlider* m_slider = nullptr;
    SizeTicks* m_ticks = nullptr;
    QLabel* m_smallest = nullptr;
    QLabel* m_largest = nullptr;
    QLineEdit* m_exact = nullptr;
    QLabel* m_depth = nullptr;
    QLabel* m_weights = nullptr;
    QLabel* m_gain = nullptr;
    QLabel* m_recipe = nullptr;
    QWidget* m_recipeRow = nullptr;
    MemoryBar* m_memory;
    SizeHistory m_history;
    QString m_path;      ///< of the model that the history is about
    qint64 m_chosen = 0; ///< what was asked for last
};

} // namespace bs::ui
