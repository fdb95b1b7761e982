import torch


class Config:
    SEED = 7
    CSV = 'energy.csv'
    WINDOW = 48
    HORIZON = 12
    HIDDEN = 128
    BATCH = 64
    LR = 1e-3
    WD = 0
    EPOCHS = 25
    DEVICE = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
