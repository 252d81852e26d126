SELECT id FROM orders WHERE total <> id * 1.5;
SELECT 'orders are missing' WHERE (SELECT count(*) FROM orders) <> 1000;
