import argparse


def get_options():
    p = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument('--data', default='cifar')
    p.add_argument('--batch_size', default=125, type=int)
    p.add_argument('--lr', default=0.08, type=float)
    p.add_argument('--wd', default=5e-4, type=float)
    p.add_argument('--epochs', default=40, type=int)
    p.add_argument('--depth', default=10, type=int)
    p.add_argument('--widen', default=2, type=int)
    p.add_argument('--seed', default=0, type=int)
    return p.parse_args()
